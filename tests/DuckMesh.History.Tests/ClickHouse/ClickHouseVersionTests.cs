using System.Text;

namespace DuckMesh.History.Tests.ClickHouse;

/// <summary>A ClickHouse that is too old says so in one line, and nothing is given up.</summary>
public sealed class ClickHouseVersionTests
{
    [Theory]
    [InlineData("18.16.1")]
    [InlineData("24.3.18.7")]
    [InlineData("dev")]
    public async Task A_server_older_than_the_tokens_we_need_is_refused(string version)
    {
        using var server = new CannedServer(200, CannedServer.Row("version()", version));

        await RefusedAsync(server, $"is version {version}; 24.8 or newer is needed");
    }

    [Fact]
    public async Task A_server_that_does_not_know_our_settings_is_refused()
    {
        using var server = new CannedServer(404, Encoding.UTF8.GetBytes("Code: 115, e.displayText() = DB::Exception: Unknown setting max_execution_time, e.what() = DB::Exception\n"));

        await RefusedAsync(server, "24.8 or newer");
    }

    private static async Task RefusedAsync(CannedServer server, string says)
    {
        await using var store = ClickHousePlace.Open(server.Address);

        var error = await Assert.ThrowsAsync<HistoryException>(() => store.MigrateAsync(CancellationToken.None));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(HistoryFault.Refused, error.Fault);
    }
}
