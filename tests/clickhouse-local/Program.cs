using System.Net;
using System.Text;
using ClickHouseLocal;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

const int MaxRequestLineBytes = 1 << 20;
const int MaxRequestBufferBytes = 4 << 20;

// Statements that still run when we are told to stop are not waited for: a test may leave an endless one.
var patience = TimeSpan.FromSeconds(1);

try
{
    var options = Options.Parse(args);
    Directory.CreateDirectory(options.Data);
    Native.Load(options.Library);
    Native.chdb_set_signal_handlers_enabled(0);

    // The engine stays up as long as one connection is open; this one is never used for anything else.
    using var keepAlive = new Connection(options.Data);
    var timeZone = Encoding.UTF8.GetString(keepAlive.Execute("SELECT timezone()").Body).Trim();

    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = patience);
    builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.Listen(IPAddress.Loopback, options.Port);
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        kestrel.Limits.MaxRequestBufferSize = MaxRequestBufferBytes;
    });
    await using var app = builder.Build();
    var faults = new Faults();
    var http = new HttpInterface(options, faults, timeZone);

    app.MapGet("/ping", () => "Ok.\n");
    app.MapPut("/fault", (int? delay, int? status, int? code, string? body, string? drop, string? match, int? times) =>
        faults.Set(new Fault(delay ?? 0, status ?? 0, code ?? 0, body, drop, match), times ?? Faults.Forever));
    app.MapDelete("/fault", () => faults.Set(null, 0));
    app.MapGet("/fault", () => faults.Hits);
    app.Map("/", http.HandleAsync);

    await app.StartAsync();
    var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    Console.WriteLine($"ready {address}");
    await Task.WhenAny(app.WaitForShutdownAsync(), Orphaned(options));
    await app.StopAsync();
    return 0;
}
catch (Exception e) when (e is ArgumentException or IOException or InvalidOperationException or FormatException or DllNotFoundException)
{
    Console.Error.WriteLine($"clickhouse-local: {e.Message}");
    return 2;
}

// Standard input ends with whoever started us, also when it was killed.
static Task Orphaned(Options options) =>
    options.Stdin ? Task.Run(() => Console.OpenStandardInput().CopyTo(Stream.Null)) : Task.Delay(Timeout.Infinite);
