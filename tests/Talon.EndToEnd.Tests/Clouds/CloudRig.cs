using System.Text;
using Talon.CloudApi.Aws;
using Talon.CloudApi.Google;
using Talon.CloudApi.S3;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Clouds;

/// <summary>Stand-ins of AWS, Google Cloud and an object store, and the shipped <c>talon</c> with the keys of all of them.</summary>
public sealed class CloudRig : IAsyncLifetime
{
    /// <summary>What the pods of these tests have printed: it may leave Talon for an object store, and for nowhere else.</summary>
    internal const string LogText = "c4nary-of-the-pod: what it has printed\n";

    private const string Namespace = "shop";

    private TalonProcess? _talon;

    internal AwsServer Aws { get; private set; } = null!;

    internal GoogleServer Google { get; private set; } = null!;

    internal S3StandIn Store { get; private set; } = null!;

    internal TalonRig Rig { get; private set; } = null!;

    internal TalonProcess Talon => _talon ?? throw new InvalidOperationException("the process has not been started");

    /// <summary>Everything that may appear in nothing that Talon says.</summary>
    internal IEnumerable<string> Secrets => [.. AwsServer.Canaries, "c4nary", .. Google.Secrets];

    public async Task InitializeAsync()
    {
        Aws = await AwsServer.StartAsync();
        var found = Aws.Find;
        Aws.Find = http => http.Request.Path.Value!.Contains("absent", StringComparison.Ordinal)
            ? AwsServer.Error(404, "ResourceNotFoundException", "Function not found: absent")(http)
            : found(http);
        Google = await GoogleServer.StartAsync();
        Store = await S3StandIn.StartAsync();
        Rig = await TalonRig.CreateAsync(CloudRules.All(Store.Address), Configuration());
        foreach (var (name, value) in Variables())
        {
            Rig.Environment[name] = value;
        }

        await RestartAsync();
    }

    public async Task DisposeAsync()
    {
        await Rig.DisposeAsync();
        await Aws.DisposeAsync();
        await Google.DisposeAsync();
        await Store.DisposeAsync();
    }

    /// <summary>Starts the process, again after it was killed.</summary>
    internal async Task RestartAsync() => _talon = await Rig.StartAsync();

    /// <summary>Makes a pod that has printed <see cref="LogText"/> and posts an event about it.</summary>
    /// <param name="rule">The Falco rule: one of <see cref="CloudRules"/>.</param>
    /// <param name="pod">A name that no other test of the class has.</param>
    internal async Task PostAsync(string rule, string pod)
    {
        var (_, container) = Rig.AddPod(Namespace, pod);
        Rig.Api.Kubelets.SetLog(Namespace, pod, "app", Encoding.UTF8.GetBytes(LogText));
        await Rig.PostAsync(Talon, FalcoBody.CreateFor(
            rule, pod, FalcoBody.Now, ("k8s.ns.name", Namespace), ("k8s.pod.name", pod), ("container.id", container)));
    }

    /// <summary>The outcome of the one action of an event.</summary>
    internal Task<LogEvent> OutcomeAsync(string pod) => Talon.OutcomeAsync(pod);

    /// <summary>The lines of attempts that are to be repeated.</summary>
    internal IReadOnlyList<LogEvent> RetriesOf(string pod) =>
        [.. Talon.Log.Where(line => line.Message == "action" && line["event"] == pod && line.Status == "retry")];

    private string Configuration() => $"""
        retry:
          max_age: 4s
        outputs:
          spool:
            path: {Path.Combine(Path.GetTempPath(), $"talon-e2e-spool-{Guid.NewGuid():N}")}
        aws:
          region: {AwsServer.Region}
          access_key: {AwsServer.KeyId}
          secret_key: {AwsServer.Secret}
        gcp:
          region: europe-west1
          credentials_path: '{Google.AccountJson}'
        minio:
          endpoint: {Store.Address.Authority}
          access_key: minio-c4nary-key
          secret_key: minio-c4nary-secret

        """;

    private IEnumerable<(string Name, string Value)> Variables() =>
    [
        ("AWS_ENDPOINT_URL_LAMBDA", Aws.Address.ToString()),
        ("AWS_ENDPOINT_URL_STS", Aws.Address.ToString()),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDFUNCTIONS", $"{Google.Url}/"),
        ("CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE", $"{Google.Url}/storage/v1/"),
    ];
}
