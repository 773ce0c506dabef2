using System.Text.Json.Nodes;
using DuckMesh.Owner;

// Owns DuckDB databases and does what it is told on stdin. Protocol: ../README.md
IOwned owned;
try
{
    owned = args switch
    {
        ["--many", var folder, var count] => ManyDatabases.Open(folder, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)),
        [var path, "--read-only"] => OwnedDatabase.Open(path, readOnly: true),
        [var path] => OwnedDatabase.Open(path, readOnly: false),
        _ => throw new ArgumentException("usage: DuckMesh.Owner FILE [--read-only] | --many FOLDER COUNT"),
    };
}
catch (Exception error)
{
    Say(Failed(error));
    return 1;
}
Say(new JsonObject { ["ready"] = true, ["pid"] = Environment.ProcessId });
using (owned)
{
    while (Console.ReadLine() is { } line)
    {
        try
        {
            var answer = owned.Do(JsonNode.Parse(line)!.AsObject());
            answer["ok"] = true;
            Say(answer);
        }
        catch (Exception error)
        {
            Say(Failed(error));
        }
    }
}
return 0;

static void Say(JsonObject answer) => Console.WriteLine(answer.ToJsonString());

static JsonObject Failed(Exception error)
{
    Console.Error.WriteLine(error.Message);
    return new JsonObject { ["ok"] = false, ["error"] = error.Message };
}
