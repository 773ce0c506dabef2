using System.Collections;
using System.CommandLine;
using System.CommandLine.Invocation;
using DuckMesh.Node.Configuration;
using DuckMesh.Node.Demo;
using DuckMesh.Node.Hosting;
using DuckMesh.Node.Terminal;

namespace DuckMesh.Node.Commands;

/// <summary>The verbs of the executable. Without one it runs a node.</summary>
internal static class CommandLine
{
    /// <summary>Wrong words on the command line, like a wrong configuration: nothing was started.</summary>
    private const int Wrong = 2;

    private static readonly Option<string?> ConfigFile = new("--config") { Description = "A HOCON file, layered over the defaults.", HelpName = "FILE", Recursive = true };

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var mistake in Mistakes(parsed)) await Console.Error.WriteLineAsync($"duckmesh: {SafeText.Of(mistake)}");
            return Wrong;
        }

        // Signals are the host's: it stops what runs and gives exit code 0; the library would end the process after 2 s with another.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static IEnumerable<string> Mistakes(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var known = command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name).Append(ConfigFile.Name).Append("--help");
        return parsed.UnmatchedTokens is [var word, ..]
            ? [$"there is no command or option '{word}' here; known are {string.Join(", ", known)}."]
            : parsed.Errors.Select(error => $"{error.Message.TrimEnd('.')}; try --help.");
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Watches the DuckDB databases of this host from outside: finds, measures, alerts.") { ConfigFile };
        root.SetAction((parsed, cancellation) => WithOptions(parsed, options => NodeHost.RunAsync(options, _ => { }, cancellation)));
        root.Add(Verb("demo", "The same, with a small fleet of sample databases of which one misbehaves. Ctrl-C stops all and leaves nothing behind.", (parsed, cancellation) =>
            WithOptions(parsed, options => DemoCommand.RunAsync(options.Monitor, (monitor, services, stop) => NodeHost.RunAsync(options with { Monitor = monitor }, services, stop), cancellation))));
        root.Add(Verb("check", "Validates the configuration and ends: 0, or 2 with one line per mistake.", (parsed, _) => WithOptions(parsed, async _ =>
        {
            await Console.Out.WriteLineAsync("The configuration is valid.");
            return 0;
        })));
        root.Add(Verb("health", "Asks the node that runs with this configuration whether it is ready: 0, or 1 with the reason. For container health checks.", (parsed, cancellation) =>
            WithOptions(parsed, options => HealthCommand.RunAsync(options.Http, cancellation))));
        root.Add(Owner());
        return root;
    }

    private static Command Verb(string name, string description, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        var verb = new Command(name, description);
        verb.SetAction(run);
        return verb;
    }

    /// <summary>How the demo starts its samples: not for people.</summary>
    private static Command Owner()
    {
        var kind = new Argument<string>("kind");
        var folder = new Argument<string>("folder");
        var verb = new Command(DemoFleet.OwnerVerb) { kind, folder };
        verb.Hidden = true;
        verb.SetAction((parsed, cancellation) => DemoOwner.RunAsync(parsed.GetRequiredValue(kind), parsed.GetRequiredValue(folder), cancellation));
        return verb;
    }

    private static async Task<int> WithOptions(ParseResult parsed, Func<NodeOptions, Task<int>> run)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
        var loaded = NodeConfiguration.Load(parsed.GetValue(ConfigFile), environment, Path.Combine(AppContext.BaseDirectory, "hocon"));
        if (loaded.Options is { } options) return await run(options);
        foreach (var mistake in loaded.Mistakes) await Console.Error.WriteLineAsync(mistake);
        return Wrong;
    }
}
