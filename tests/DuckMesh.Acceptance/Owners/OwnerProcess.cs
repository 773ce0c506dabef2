using System.Text.Json.Nodes;
using DuckMesh.Acceptance.Harness;

namespace DuckMesh.Acceptance.Owners;

/// <summary>A program in Node or .NET that owns a database; the protocol is in tests/owners/README.md.</summary>
internal sealed class OwnerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(10);

    private readonly RunningProgram _program;

    private OwnerProcess(RunningProgram program, string database)
    {
        _program = program;
        Database = database;
    }

    public string Database { get; }

    public int Pid => _program.Id;

    /// <summary>What went wrong as the owner sees it: empty when nothing did.</summary>
    public string Log => _program.Errors;

    public static async Task<OwnerProcess> StartNode(string database, params string[] more)
    {
        await NodeOwnerPackages.Install();
        return await Start("node", [Path.Combine(Repository.NodeOwnerFolder, "owner.mjs"), database, .. more], database);
    }

    public static Task<OwnerProcess> StartDotnet(string database, params string[] more) => Start("dotnet", [Repository.DotnetOwner, database, .. more], database);

    /// <summary>Many databases in one process; see tests/owners/README.md.</summary>
    public static Task<OwnerProcess> StartMany(string folder, int count) =>
        Start("dotnet", [Repository.DotnetOwner, "--many", folder, count.ToString(System.Globalization.CultureInfo.InvariantCulture)], folder);

    /// <summary>Tries to open a database and gives the error.</summary>
    public static async Task<string> FailingStart(string database)
    {
        await using var program = RunningProgram.Start("dotnet", [Repository.DotnetOwner, database]);
        var answer = Parse(await program.Line(StartDeadline));
        return (string?)answer["error"] ?? throw new InvalidOperationException($"{database} could be opened, and should not: {answer}");
    }

    public async Task<JsonObject> Do(string command, params (string Name, int Value)[] arguments)
    {
        var line = new JsonObject { ["do"] = command };
        foreach (var (name, value) in arguments)
            line[name] = value;
        await _program.Say(line.ToJsonString());
        var answer = Parse(await _program.Line(AnswerDeadline));
        return (bool)answer["ok"]! ? answer : throw new InvalidOperationException($"{line.ToJsonString()} failed: {answer["error"]}");
    }

    /// <summary>kill -9.</summary>
    public Task Kill() => _program.Kill();

    /// <summary>Lets it end by itself; gives its exit code.</summary>
    public Task<int> End()
    {
        _program.CloseInput();
        return _program.ExitCode(EndDeadline);
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private static async Task<OwnerProcess> Start(string program, string[] arguments, string database)
    {
        var running = RunningProgram.Start(program, arguments);
        try
        {
            var ready = Parse(await running.Line(StartDeadline));
            if ((bool?)ready["ready"] != true)
                throw new InvalidOperationException($"the owner of {database} did not start: {ready["error"]}");
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
        return new OwnerProcess(running, database);
    }

    private static JsonObject Parse(string line) => JsonNode.Parse(line)!.AsObject();
}
