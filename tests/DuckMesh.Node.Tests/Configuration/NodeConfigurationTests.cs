using System.Net;
using CsCheck;
using DuckMesh.Cluster;
using DuckMesh.Node.Configuration;

namespace DuckMesh.Node.Tests.Configuration;

public sealed class NodeConfigurationTests : IDisposable
{
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.OneOfConst(
            "duckmesh", "interval", "watch", "rules", "HighCpu", "threshold", "names", "http", "=", ":", "{", "}", "[", "]", ",", "\n", "\"", "\"\"\"", "\\", "#", "//", "/a", "5s",
            "${", "${duckmesh}", "include ", "+=", "0.5", "null", " ", ".", "127.0.0.1:1", "*", "?", "!", "@", "&", "^", "`", "(", "|", "+", "\t", "\r", "\u001b[31m", "\0", "$", "ü")
            .Array[0, 40].Select(string.Concat),
        Gen.String);

    private static readonly string Hocon = Path.Combine(AppContext.BaseDirectory, "hocon");

    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-").FullName;

    private string FileName => Path.Combine(_folder, "my.conf");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_file_the_defaults_are_those_of_the_contract()
    {
        var options = Good(null);

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9642), options.Http);
        var plain = new MonitorSettings { Host = options.Monitor.Host, DataFolder = Path.GetFullPath("data"), HoconFolder = Hocon };
        Assert.Equal(plain.RemotePort, options.Monitor.RemotePort);
        Assert.Equal(plain.DataFolder, options.Monitor.DataFolder);
        Assert.Equal(
            (true, plain.Interval, plain.ExpectAfter, plain.ForgetAfter, plain.ClusterName, 0, 0, 0),
            (options.Monitor.Discover, options.Monitor.Interval, options.Monitor.ExpectAfter, options.Monitor.ForgetAfter, options.Monitor.ClusterName,
                options.Monitor.Watch.Length, options.Monitor.Exclude.Length, options.Monitor.Names.Count));
        Assert.Equal(plain.Rules.Rules, options.Monitor.Rules.Rules);
        Assert.NotEmpty(options.Monitor.Host);
    }

    [Fact]
    public void A_file_changes_what_it_names()
    {
        var options = Good(
            """
            duckmesh {
              http = "127.0.0.1:7000"
              port = 0, data = /var/lib/duckmesh
              host = db1
              discover = off
              watch = [/srv/a.duckdb, "/srv/*.duckdb"]   # two
              exclude = "/srv/tmp/**"
              interval = 1m
              expect-after = 90s
              journal = sqlite
              history = off
              cluster = blue
              names {
                "/srv/a.duckdb" = orders
              }
              rules {
                HighCpu { threshold = 0.5, for = 2m }
                DiskFull.enabled = off
              }
            }
            """);

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7000), options.Http);
        Assert.Equal("/var/lib/duckmesh", options.Monitor.DataFolder);
        Assert.Equal("db1", options.Monitor.Host);
        Assert.False(options.Monitor.Discover);
        Assert.Equal(["/srv/a.duckdb", "/srv/*.duckdb"], options.Monitor.Watch.AsEnumerable());
        Assert.Equal(["/srv/tmp/**"], options.Monitor.Exclude.AsEnumerable());
        Assert.Equal(TimeSpan.FromMinutes(1), options.Monitor.Interval);
        Assert.Equal(TimeSpan.FromSeconds(90), options.Monitor.ExpectAfter);
        Assert.Equal("blue", options.Monitor.ClusterName);
        Assert.Equal("orders", options.Monitor.Names["/srv/a.duckdb"]);
        Assert.Equal((0.5, TimeSpan.FromMinutes(2)), (options.Monitor.Rules.Find("HighCpu")!.Threshold, options.Monitor.Rules.Find("HighCpu")!.For));
        Assert.False(options.Monitor.Rules.Find("DiskFull")!.Enabled);
        Assert.Equal(TimeSpan.FromDays(1), options.Monitor.ForgetAfter);
    }

    [Fact]
    public void The_environment_wins_over_the_file()
    {
        var options = Good("duckmesh { interval = 1m, watch = [/a] }", ("DUCKMESH_INTERVAL", "2s"), ("DUCKMESH_WATCH", "/b, /c/*"), ("DUCKMESH_EXPECT_AFTER", "5m"), ("OTHER", "x"));

        Assert.Equal(TimeSpan.FromSeconds(2), options.Monitor.Interval);
        Assert.Equal(["/b", "/c/*"], options.Monitor.Watch.AsEnumerable());
        Assert.Equal(TimeSpan.FromMinutes(5), options.Monitor.ExpectAfter);
    }

    [Fact]
    public void A_PostgreSQL_connection_string_is_taken_and_never_shown()
    {
        var options = Good(null, ("DUCKMESH_JOURNAL", "Host=db1;Database=duckmesh;Username=duckmesh;Password=secret"));

        Assert.Contains("secret", options.Monitor.Postgres!.Reveal(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:1", "127.0.0.1:1")]
    [InlineData("[::1]:9642", "[::1]:9642")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    [InlineData("127.0.0.7:0", "127.0.0.7:0")]
    public void Loopback_addresses_are_listened_on(string text, string expected) => Assert.Equal(IPEndPoint.Parse(expected), Good(null, ("DUCKMESH_HTTP", text)).Http);

    [Fact]
    public void What_Kubernetes_sets_for_a_service_of_our_name_is_not_ours() =>
        Good(null, ("DUCKMESH_SERVICE_HOST", "10.0.0.1"), ("DUCKMESH_PORT_9642_TCP", "tcp://10.0.0.1:9642"));

    [Theory]
    [InlineData("duckmesh { interval = soon }", ":1: duckmesh.interval: 'soon'", "from 1s to 1h")]
    [InlineData("duckmesh {\n interval = 500ms }", ":2: duckmesh.interval: '500ms'", "from 1s to 1h")]
    [InlineData("duckmesh {\n\n interval = [5s] }", ":3: duckmesh.interval: a list", "500ms")]
    [InlineData("duckmesh {\n interval { a = 1 } }", ":2: duckmesh.interval: a group of keys", "500ms")]
    [InlineData("duckmesh { interval = \"\" }", "duckmesh.interval: the value is empty", "500ms")]
    [InlineData("duckmesh { interval = 5 }", "duckmesh.interval: '5'", "a number and ms")]
    [InlineData("duckmesh { forget-after = 400d }", "duckmesh.forget-after: '400d'", "to 365d")]
    [InlineData("duckmesh.intervall = 5s", ":1: duckmesh.intervall: there is no such key", "'interval'")]
    [InlineData("duckmesh { a = 1\n\nwach = [/x] }", ":3: duckmesh.wach: there is no such key", "'watch'")]
    [InlineData("interval = 5s", ":1: interval: there is no such key", "under duckmesh")]
    [InlineData("akka { loglevel = DEBUG }", ":1: akka: there is no such key", "under duckmesh")]
    [InlineData("duckmesh = on", ":1: duckmesh: 'on'", "interval = 5s")]
    [InlineData("duckmesh { http = here }", "duckmesh.http: 'here'", "127.0.0.1:9642")]
    [InlineData("duckmesh { http = 127.0.0.1 }", "duckmesh.http: '127.0.0.1'", "127.0.0.1:9642")]
    [InlineData("duckmesh { http = \"::1\" }", "duckmesh.http: '::1'", "[::1]:9642")]
    [InlineData("duckmesh { http = \"[::1]\" }", "duckmesh.http: '[::1]'", "[::1]:9642")]
    [InlineData("duckmesh { http = \"0.0.0.0:9642\" }", "duckmesh.http: '0.0.0.0:9642' would let others in", "listen on 127.0.0.1")]
    [InlineData("duckmesh { http = \"[::]:9642\" }", "duckmesh.http: '[::]:9642' would let others in", "authentication")]
    [InlineData("duckmesh { port = 70000 }", "duckmesh.port: '70000'", "0 to 65535")]
    [InlineData("duckmesh { host = \"a:b\" }", "duckmesh.host: 'a:b'", "without colon")]
    [InlineData("duckmesh { discover = maybe }", "duckmesh.discover: 'maybe'", "on or off")]
    [InlineData("duckmesh { watch = [relative/x.duckdb] }", "duckmesh.watch: 'relative/x.duckdb' is no absolute path", "/srv/")]
    [InlineData("duckmesh { exclude = [\"/srv/[ab.duckdb\"] }", "duckmesh.exclude: '/srv/[ab.duckdb' has a '['", "not closed")]
    [InlineData("duckmesh { watch = [[/a]] }", "duckmesh.watch: a list", "absolute paths")]
    [InlineData("duckmesh { watch = { a = /b } }", "duckmesh.watch: a group of keys", "absolute paths")]
    [InlineData("duckmesh { cluster = \"two words\" }", "duckmesh.cluster: 'two words'", "letters")]
    [InlineData("duckmesh { journal = \"Host=db;Passwort=secret\" }", "duckmesh.journal: the value is not possible", "Host=db1")]
    [InlineData("duckmesh { journal = \"secret\" }", "duckmesh.journal: the value is not possible", "write sqlite")]
    [InlineData("duckmesh { journal = \"Host=db;Password=secret\" }", "duckmesh.journal", "names no Database")]
    [InlineData("duckmesh { address = \"0.0.0.0\" }", "duckmesh.address: '0.0.0.0'", "IP address of this machine")]
    [InlineData("duckmesh { address = db1 }", "duckmesh.address: 'db1'", "IP address of this machine")]
    [InlineData("duckmesh { address = \"10.0.0.1\" }", "duckmesh.address: '10.0.0.1' is for one node of several", "PostgreSQL")]
    [InlineData("duckmesh { address = \"10.0.0.1\" }", "duckmesh.address: '10.0.0.1' would let anybody", "key tls")]
    [InlineData("duckmesh { tls = on }", "duckmesh.tls: 'on'", "three PEM files")]
    [InlineData("duckmesh { tls { certificate = /a } }", "duckmesh.tls.key: it is missing", "three PEM files")]
    [InlineData("duckmesh { tls { cert = /a } }", "duckmesh.tls.cert: there is no such key", "certificate")]
    [InlineData("duckmesh { tls { certificate = /missing/a, key = /missing/a, authority = /missing/a } }", "duckmesh.tls: Could not find", "three PEM files")]
    [InlineData("duckmesh { cluster = a23456789012345678901234567890123456789012345678901 }", "duckmesh.cluster", "50 letters")]
    [InlineData("duckmesh { history = duckdb }", "duckmesh.history: only 'off'", "this version")]
    [InlineData("duckmesh { retention { x = 1 } }", "duckmesh.retention: not supported by this version", "leave it out")]
    [InlineData("duckmesh { names { \"x.duckdb\" = a } }", "duckmesh.names: 'x.duckdb' is no absolute path", "quotes")]
    [InlineData("duckmesh { names { \"/x\" = a, \"/y\" = a } }", "duckmesh.names: 'a' is the name of two databases", "its own")]
    [InlineData("duckmesh { names = orders }", "duckmesh.names: 'orders'", "names by path")]
    [InlineData("duckmesh {\n rules {\n HighCpuu { for = 1m } } }", ":3: duckmesh.rules.HighCpuu: There is no rule 'HighCpuu'", "'HighCpu'")]
    [InlineData("duckmesh { rules { HighCpu { treshold = 1 } } }", "duckmesh.rules.HighCpu.treshold: there is no such key", "'threshold'")]
    [InlineData("duckmesh { rules { HighCpu { threshold = 90 } } }", "duckmesh.rules.HighCpu: Rule HighCpu", "between 0 and 1")]
    [InlineData("duckmesh { rules { HighCpu { threshold = high } } }", "duckmesh.rules.HighCpu.threshold: 'high' is no number", "0.9")]
    [InlineData("duckmesh { rules { HighCpu { for = 2d } } }", "duckmesh.rules.HighCpu.for: '2d'", "from 0ms to 1d")]
    [InlineData("duckmesh { rules { HighCpu = 1 } }", "duckmesh.rules.HighCpu: '1'", "threshold = 0.8")]
    [InlineData("duckmesh {\n interval = 5s\n", ":1: '{' is never closed", "")]
    [InlineData("duckmesh { }\n}", ":2: '}' closes nothing", "")]
    [InlineData("duckmesh {\n host = \"db1\n}", ":2: a quote is opened and never closed", "")]
    [InlineData("duckmesh { rules { HighCpu { for = 1m }, DiskFull { for = 1m } } }", ":1: a comma stands after '}'", "new line")]
    [InlineData("duckmesh { interval = ${x} }", ":1: '${' refers to another value", "environment variable")]
    [InlineData("duckmesh {\n watch = [/srv/*.duckdb] }", ":2: '*' stands outside of quotes", "double quotes")]
    [InlineData("duckmesh { watch = [\\] }", ":1: '\\' stands outside of quotes", "double quotes")]
    [InlineData("include \"other.conf\"", ":1: 'include' is not supported", "one file")]
    public void A_mistake_is_one_line_that_names_file_key_and_what_is_allowed(string text, string what, string hint)
    {
        var mistakes = Bad(text);
        Assert.Contains(mistakes, m => m.StartsWith(FileName, StringComparison.Ordinal) && m.Contains(what, StringComparison.Ordinal) && m.Contains(hint, StringComparison.Ordinal));
        Assert.DoesNotContain(mistakes, m => m.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DUCKMESH_INTERVAL", "1x", "DUCKMESH_INTERVAL: duckmesh.interval: '1x'")]
    [InlineData("DUCKMESH_WATCH", "/a,b", "DUCKMESH_WATCH: duckmesh.watch: 'b' is no absolute path")]
    [InlineData("DUCKMESH_HTTP", "0.0.0.0:80", "DUCKMESH_HTTP: duckmesh.http: '0.0.0.0:80' would let others in")]
    [InlineData("DUCKMESH_INTERVALL", "5s", "DUCKMESH_INTERVALL: environment: there is no such key; did you mean 'DUCKMESH_INTERVAL'?")]
    [InlineData("DUCKMESH_FLUSH", "5s", "DUCKMESH_FLUSH: environment: not supported by this version")]
    public void A_mistake_in_the_environment_names_the_variable(string variable, string value, string start) =>
        Assert.StartsWith(start, Assert.Single(NodeConfiguration.Load(null, new Dictionary<string, string> { [variable] = value }, Hocon).Mistakes), StringComparison.Ordinal);

    [Fact]
    public void Each_mistake_has_its_line()
    {
        var mistakes = Bad("duckmesh {\n  interval = never\n  colour = red\n  port = x\n}");
        Assert.Equal(["2", "3", "4"], mistakes.Select(m => m[(FileName.Length + 1)..].Split(':')[0]).Order());
    }

    [Fact]
    public void A_file_that_is_not_there_a_folder_and_a_binary_each_say_what_they_are()
    {
        Assert.Contains("there is no such file", Single(FileName), StringComparison.Ordinal);
        Assert.Contains("it is a folder", Single(_folder), StringComparison.Ordinal);
        File.WriteAllBytes(FileName, [0x61, 0x80]);
        Assert.Contains("no UTF-8 text", Single(FileName), StringComparison.Ordinal);
        File.WriteAllBytes(FileName, new byte[2 << 20]);
        Assert.Contains("larger than", Single(FileName), StringComparison.Ordinal);

        static string Single(string file) => Assert.Single(NodeConfiguration.Load(file, new Dictionary<string, string>(), Hocon).Mistakes);
    }

    [Fact]
    public void No_text_throws_or_hangs_the_parser() => AnyText.Sample(
        text =>
        {
            var mistakes = new Mistakes();
            Assert.True(HoconFile.Parse("f", text, mistakes) is not null || mistakes.Lines.Count > 0);
        },
        iter: 200_000, threads: 1);

    [Fact]
    public void Every_mistake_of_any_text_is_one_line() => AnyText.Sample(
        text =>
        {
            File.WriteAllText(FileName, text);
            foreach (var line in NodeConfiguration.Load(FileName, new Dictionary<string, string>(), Hocon).Mistakes)
                Assert.DoesNotContain(line, char.IsControl);
        },
        iter: 5_000, threads: 1);

    /// <summary>The parser never came back from three quotes in a key.</summary>
    [Theory]
    [InlineData("\"\"\"a\nb\"\"\"0.5\n\0HighCpu")]
    [InlineData("duckmesh { host = \"\"\"db1\"\"\" }")]
    public void Three_quotes_are_refused_and_do_not_hang_the_parser(string text) => Assert.Contains("three quotes", Bad(text)[0], StringComparison.Ordinal);

    [Fact]
    public void A_deep_nest_is_refused_and_not_followed() => Assert.Contains("nested deeper", Bad(string.Concat(Enumerable.Repeat("a {", 100_000)))[0], StringComparison.Ordinal);

    [Fact]
    public void The_shipped_defaults_name_every_key_and_variable()
    {
        var text = File.ReadAllText(Path.Combine(Hocon, "duckmesh.conf"));
        foreach (var key in Keys.All.Where(k => k.Name != "history"))
        {
            Assert.Matches($@"(?m)^\s*(# )?{key.Name} (=|{{)", text);
            if (key.Variable is not null) Assert.Contains(key.Variable, text, StringComparison.Ordinal);
        }
    }

    private NodeOptions Good(string? text, params (string Name, string Value)[] environment)
    {
        var loaded = Load(text, environment);
        Assert.Empty(loaded.Mistakes);
        return loaded.Options!;
    }

    private System.Collections.Immutable.ImmutableArray<string> Bad(string text)
    {
        var loaded = Load(text);
        Assert.Null(loaded.Options);
        Assert.NotEmpty(loaded.Mistakes);
        return loaded.Mistakes;
    }

    private LoadedConfiguration Load(string? text, params (string Name, string Value)[] environment)
    {
        if (text is not null) File.WriteAllText(FileName, text);
        return NodeConfiguration.Load(text is null ? null : FileName, environment.ToDictionary(e => e.Name, e => e.Value), Hocon);
    }
}
