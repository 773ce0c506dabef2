using System.Globalization;

namespace ClickHouseLocal;

/// <summary>The command line. See README.md.</summary>
internal sealed record Options(string Data, int Port, string User, string Password, string Library, bool Stdin)
{
    private const string PackagedLibrary = "node_modules/@chdb/lib-linux-x64-gnu/libchdb.so";
    private static readonly string[] Names = ["--data", "--port", "--user", "--password"];

    public static Options Parse(string[] arguments)
    {
        var given = new Dictionary<string, string>();
        var stdin = false;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--stdin")
                stdin = true;
            else if (Names.Contains(arguments[i]) && i + 1 < arguments.Length)
                given[arguments[i]] = arguments[++i];
            else
                throw new ArgumentException($"{arguments[i]} is not known or has no value; known: --stdin, and with a value each {string.Join(", ", Names)}");
        }

        return new Options(
            Path.GetFullPath(given.GetValueOrDefault("--data") ?? throw new ArgumentException("--data FOLDER is missing")),
            int.Parse(given.GetValueOrDefault("--port", "0"), CultureInfo.InvariantCulture),
            given.GetValueOrDefault("--user", "default"),
            given.GetValueOrDefault("--password", ""),
            Environment.GetEnvironmentVariable("CHDB_LIBRARY") ?? FindLibrary(),
            stdin);
    }

    // Upwards from the executable, so that one `npm ci` at the project serves every build output below it.
    private static string FindLibrary()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, PackagedLibrary);
            if (File.Exists(candidate))
                return candidate;
        }

        throw new FileNotFoundException("libchdb.so is missing: run ./test.sh once, or `npm ci` in tests/clickhouse-local, or name it in CHDB_LIBRARY");
    }
}
