using System.Security.Cryptography;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Clients.Minio;
using Talon.Actors.Outputs;
using Talon.Actors.Outputs.GcpGcs;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.CloudApi.Google;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Outputs.GcpGcs;

/// <summary><c>gcp:gcs</c> on a stand-in of Google, with a spool of its own.</summary>
internal sealed class GcsRig : IAsyncDisposable
{
    private readonly TempFolder _spool = new();
    private readonly GcpConnection _connection;

    private GcsRig(GoogleServer google, TimeProvider clock)
    {
        Google = google;
        _connection = google.Connect();
        Output = new GcpGcsOutput(new OutputPorts
        {
            Aws = new AwsConnection(new AwsOptions(), _ => null, clock),
            Gcp = _connection,
            Minio = new MinioOptions(),
            Spool = new SpoolOptions { Path = _spool.Path },
            Clock = clock,
            Jitter = () => 0.5,
        });
    }

    public GoogleServer Google { get; }

    public GcpGcsOutput Output { get; }

    public StorageStandIn Storage => Google.Storage;

    public static async Task<GcsRig> StartAsync(TimeProvider? clock = null) =>
        new(await GoogleServer.StartAsync(), clock ?? new HurriedClock(100));

    public static ParameterMap Parameters(string bucket = StorageStandIn.Bucket, string prefix = "talon") =>
        ParameterMap.Empty.With("bucket", new ParameterValue.Text(bucket)).With("prefix", new ParameterValue.Text(prefix));

    public static Artifact Artifact(byte[] content) => Artifacts.Writing(
        "tcpdump.pcap",
        async (stream, token) =>
        {
            await stream.WriteAsync(content, token);
            return null;
        },
        ("namespace", "shop"), ("pod", "cart-0"));

    public static byte[] Bytes(int count) => RandomNumberGenerator.GetBytes(count);

    public Task<StoreResult> StoreAsync(byte[] content, CallScope? scope = null, ParameterMap? parameters = null) =>
        Output.StoreAsync(parameters ?? Parameters(), Artifact(content), scope ?? Scope());

    public async Task<ActionOutcome.Failed> FailAsync(byte[] content, CallScope? scope = null, ParameterMap? parameters = null)
    {
        var failed = Assert.IsType<StoreResult.Failed>(await StoreAsync(content, scope, parameters)).Why;
        Assert.Empty(Storage.Objects);
        Assert.Equal(0, Storage.OpenSessions);
        Assert.All(Google.Secrets, secret => Assert.DoesNotContain(secret, failed.ToString(), StringComparison.Ordinal));
        return failed;
    }

    public static CallScope Scope(TimeSpan? timeout = null, CancellationToken token = default) => ActionnerRig.Scope(timeout, token: token);

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await Google.DisposeAsync();
        _spool.Dispose();
    }
}
