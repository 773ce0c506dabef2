namespace DuckMesh.Architecture.Tests;

/// <summary>The files that may break a rule, each with its reason. An exception that is no longer needed fails the rule's test as well.</summary>
internal sealed class Exceptions(Dictionary<string, string> reasons)
{
    /// <param name="broken">File and what it does.</param>
    public void Check(IEnumerable<(string File, string What)> broken, string advice)
    {
        var found = broken.ToList();
        var unexcused = found.Where(item => !reasons.ContainsKey(item.File)).Select(item => $"{item.File}: {item.What}").ToList();
        var stale = reasons.Keys.Except(found.Select(item => item.File)).ToList();
        Assert.True(unexcused.Count == 0, $"{advice}:\n{string.Join('\n', unexcused)}");
        Assert.True(stale.Count == 0, $"no longer exceptions, take them off the list:\n{string.Join('\n', stale)}");
    }
}
