using CsCheck;
using DuckMesh.History.ClickHouse;

namespace DuckMesh.History.Tests.ClickHouse;

public sealed class ClickHouseAddressTests
{
    [Theory]
    [InlineData("http://db1", "http", "db1", 8123, "default", "", "duckmesh")]
    [InlineData("https://db1/", "https", "db1", 8443, "default", "", "duckmesh")]
    [InlineData("http://db1:80/metrics", "http", "db1", 80, "default", "", "metrics")]
    [InlineData("https://ann@db1:443/my-metrics/", "https", "db1", 443, "ann", "", "my-metrics")]
    [InlineData("http://ann:80@db1/x", "http", "db1", 8123, "ann", "80", "x")]
    [InlineData("http://ann:a%3Ab%40c%2Fd:e@db1:9000/x", "http", "db1", 9000, "ann", "a:b@c/d:e", "x")]
    [InlineData("http://:secret@[::1]/x", "http", "::1", 8123, "default", "secret", "x")]
    public void An_address_has_ClickHouse_s_defaults(string text, string scheme, string host, int port, string user, string password, string database)
    {
        Assert.True(ClickHouseAddress.TryParse(text, out var address, out _));
        Assert.Equal(new ClickHouseAddress(scheme, host, port, user, password, database), address);
    }

    [Theory]
    [InlineData("duckdb", "of the form")]
    [InlineData("ftp://db1/x", "of the form")]
    [InlineData("http://", "of the form")]
    [InlineData("http://db1:99999/x", "of the form")]
    [InlineData("http://ann:secret@db1/x?ssl=true", "nothing may follow")]
    [InlineData("http://ann:secret@db1/x#y", "nothing may follow")]
    [InlineData("http://ann:se/cret@db1/x", "%2F")]
    [InlineData("http://ann:secret@db1/x/y", "name has letters")]
    [InlineData("http://ann:secret@db1/x;DROP", "name has letters")]
    [InlineData("http://ann:secret@db1/1x", "name has letters")]
    [InlineData("http://ann:secret@db1/a%20b", "name has letters")]
    public void A_mistake_says_what_is_right_and_no_password(string text, string says)
    {
        Assert.False(ClickHouseAddress.TryParse(text, out var address, out var mistake));
        Assert.Null(address);
        Assert.Contains(says, mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void As_text_it_has_neither_user_nor_password()
    {
        Assert.True(ClickHouseAddress.TryParse("http://ann:secret@db1/x", out var address, out _));
        Assert.Equal("http://db1:8123/x", $"{address}");
    }

    [Fact]
    public void Any_user_and_password_can_be_written() => Gen.String.Select(Gen.String).Sample((user, password) =>
    {
        // Half of a surrogate pair has no form in an address.
        if ((user + password).Any(char.IsSurrogate)) return;
        Assert.True(ClickHouseAddress.TryParse($"http://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@db1/x", out var address, out var mistake), mistake);
        Assert.Equal((user.Length > 0 ? user : "default", password), (address.User, address.Password));
    });

    [Fact]
    public void Any_text_is_an_address_or_a_mistake() =>
        Gen.Bool.Select(Gen.String, (scheme, text) => scheme ? "http://" + text : text).Sample(text =>
            Assert.Equal(ClickHouseAddress.TryParse(text, out var address, out var mistake), address is not null && mistake is null));
}
