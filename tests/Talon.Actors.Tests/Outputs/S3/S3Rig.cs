using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Clients.Minio;
using Talon.Actors.Outputs;
using Talon.Actors.Outputs.AwsS3;
using Talon.Actors.Outputs.MinioS3;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Outputs.S3;

/// <summary>The two outputs that speak S3, on one server, with a spool of their own.</summary>
internal sealed class S3Rig : IDisposable
{
    /// <summary>What must never be seen: parts of the keys.</summary>
    public const string Canary = "c4nary";

    public const string Bucket = "evidence";

    public static readonly DateTimeOffset Now = new(2026, 12, 1, 10, 20, 30, 456, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly Uri _server;

    /// <param name="hurry">How many times faster than time the clock runs: pauses between tries pass quickly, and deadlines too.</param>
    public S3Rig(Uri server, int hurry = 20, string accessKey = $"AKID{Canary}", string secretKey = $"secret-{Canary}", long maxSpool = 1 << 28)
    {
        _server = server;
        Clock = new FixedNowClock(hurry);
        Ports = new OutputPorts
        {
            Aws = new AwsConnection(new AwsOptions { Region = "eu-west-3", AccessKey = accessKey, SecretKey = secretKey }, _ => null, Clock),
            Gcp = new GcpConnection(new GcpOptions(), Clock),
            Minio = new MinioOptions { Endpoint = server.Authority, AccessKey = accessKey, SecretKey = secretKey },
            Spool = new SpoolOptions { Path = Path.Combine(_folder.Path, "spool"), MaxSize = maxSpool },
            Clock = Clock,
            Jitter = () => 0.5,
        };
    }

    public TimeProvider Clock { get; }

    public OutputPorts Ports { get; }

    /// <summary>The files that are in the spool now, but for the lock.</summary>
    public IEnumerable<string> Spooled => Directory.EnumerateFiles(Ports.Spool.Path, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock");

    public IOutput Output(string name) => name switch
    {
        "aws:s3" => new AwsS3Output(Ports),
        "minio:s3" => new MinioS3Output(Ports),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public ParameterMap Parameters(string output, string bucket = Bucket, params (string Name, string Value)[] more)
    {
        (string Name, string Value)[] endpoint = output == "aws:s3" ? [("endpoint", _server.ToString())] : [];
        return ParameterMap.From([.. new[] { ("bucket", bucket), ("prefix", "talon/files") }.Concat(endpoint).Concat(more)
            .Select(item => new KeyValuePair<string, ParameterValue>(item.Item1, new ParameterValue.Text(item.Item2)))]);
    }

    /// <summary>Stores an artifact within a deadline, which counts on the hurried clock.</summary>
    public async Task<StoreResult> StoreAsync(string output, Artifact artifact, string bucket = Bucket, int seconds = 600)
    {
        using var time = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), Clock);
        return await Output(output).StoreAsync(Parameters(output, bucket), artifact, Scope(seconds, time.Token));
    }

    public CallScope Scope(int seconds = 600, CancellationToken token = default) => new(Clock, TimeSpan.FromSeconds(seconds), () => true, token);

    /// <summary>An artifact of so many bytes, each time the same.</summary>
    public static Artifact Sized(int bytes, string name = "capture.pcap") => Artifacts.Writing(name, async (stream, token) =>
    {
        await stream.WriteAsync(Content(bytes), token);
        return null;
    });

    /// <summary>An artifact of so many bytes that is written in small pieces.</summary>
    public static Artifact Streamed(int bytes) => Artifacts.Writing("capture.pcap", async (stream, token) =>
    {
        byte[] piece = Content(1 << 16);
        for (int at = 0; at < bytes; at += piece.Length)
        {
            await stream.WriteAsync(piece.AsMemory(0, Math.Min(piece.Length, bytes - at)), token);
        }

        return null;
    });

    public static byte[] Content(int bytes)
    {
        // Repeats at a length that no part is a multiple of: parts in the wrong order show.
        byte[] tile = new byte[65_521];
        new Random(1).NextBytes(tile);
        byte[] content = new byte[bytes];
        for (int at = 0; at < bytes; at += tile.Length)
        {
            tile.AsSpan(0, Math.Min(tile.Length, bytes - at)).CopyTo(content.AsSpan(at));
        }

        return content;
    }

    /// <summary>The failure, in which nothing of a key may stand.</summary>
    public static ActionOutcome.Failed Failure(StoreResult result)
    {
        var why = Assert.IsType<StoreResult.Failed>(result).Why;
        Assert.DoesNotContain(Canary, why.ToString(), StringComparison.Ordinal);
        return why;
    }

    public static string Key(int ordinal = 1) =>
        $"talon/files/2026-12-01T10-20-30.456Z_{Artifacts.EventKey}-2-3{(ordinal > 1 ? $"-{ordinal}" : "")}_capture.pcap";

    public void Dispose()
    {
        Ports.Aws.Dispose();
        _folder.Dispose();
    }

    // The wall clock stands still, so that the keys are known.
    private sealed class FixedNowClock(int factor) : TimeProvider
    {
        private readonly HurriedClock _clock = new(factor);

        public override long TimestampFrequency => _clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => _clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            _clock.CreateTimer(callback, state, dueTime, period);
    }
}
