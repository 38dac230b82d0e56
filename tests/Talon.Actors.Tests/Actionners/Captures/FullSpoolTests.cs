using System.Collections.Immutable;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Minio;
using Talon.Actors.Outputs;
using Talon.Actors.Outputs.ObjectStores;
using Talon.Actors.Plugins;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Actionners.Captures;

/// <summary>Artifacts that outgrow the spool while they come through an exec.</summary>
public sealed class FullSpoolTests : IDisposable
{
    private const int Bound = 1 << 20;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("kubernetes:download", "cat")]
    [InlineData("kubernetes:tcpdump", "tcpdump")]
    [InlineData("kubernetes:sysdig", "cat")]
    public async Task Run_SpoolFullOnTheWay_FailsAndLeavesNothing(string actionner, string program)
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(call => call.Argv.Contains(program, StringComparer.Ordinal)
            ? new ExecScript { Stdout = new MemoryStream(CaptureWork.Pcap(new byte[3 * Bound])) }
            : null);
        var ports = new OutputPorts
        {
            Aws = rig.Ports.Aws,
            Gcp = rig.Ports.Gcp,
            Minio = new MinioOptions(),
            Spool = new SpoolOptions { Path = _folder.Path, MaxSize = Bound },
            Clock = TimeProvider.System,
            Jitter = () => 0,
        };
        string? told = null;
        var store = new ArtifactStore(new Unreachable(ports), new PlannedOutput("test:remote", ParameterMap.Empty), why => told = why);
        var parameters = actionner == "kubernetes:download" ? PodWork.Map(("file", "/f")) : ParameterMap.Empty;

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(PodWork.Request(actionner, parameters) with { Output = store }));

        Assert.Equal(FailureKind.ServerError, failed.Kind);
        Assert.Contains($"of the {Bound} bytes of outputs.spool.max_size are taken", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(failed.Reason, told);
        Assert.Contains("pod", failed.Objects.Keys);
        Assert.Equal(0, ports.ArtifactSpool.Used);
        Assert.Equal(["lock"], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    /// <summary>The real output, but no upload may begin.</summary>
    private sealed class Unreachable(OutputPorts ports) : RemoteOutput(ports), IObjectStore
    {
        public override OutputDescriptor Descriptor => throw new NotSupportedException();

        public string Place => "nowhere";

        public ImmutableSortedDictionary<string, string> Objects => ImmutableSortedDictionary<string, string>.Empty;

        public bool CreatesOnly(long bytes) => true;

        public Task<ActionOutcome.Failed?> CheckAsync(CallScope scope) => Task.FromResult<ActionOutcome.Failed?>(null);

        public Task<PutResult> PutAsync(Talon.Actors.Outputs.ObjectStores.StoredObject item, CallScope scope) => throw new InvalidOperationException("an upload");

        public Task<HeadResult> HeadAsync(string key, CallScope scope) => throw new InvalidOperationException("a question");

        public Task RemoveUnfinishedAsync(string key, CallScope scope) => throw new InvalidOperationException("a clean-up");

        public Task<string?> DeleteAsync(string key, CallScope scope) => throw new InvalidOperationException("a deletion");

        protected override (IObjectStore? Store, string Prefix, ActionOutcome.Failed? Problem) Open(ParameterMap parameters) => (this, "", null);
    }
}
