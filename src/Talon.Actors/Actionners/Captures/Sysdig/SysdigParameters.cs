using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Captures.Sysdig;

/// <summary>The parameters of <c>kubernetes:sysdig</c>.</summary>
internal sealed record SysdigParameters
{
    // The last version line that knows containers without a plug-in of its own. A tag can be moved: whoever runs Talon should name a
    // digest that they have checked.
    private const string DefaultImage = "docker.io/sysdig/sysdig:0.38.1";
    private const int MostSeconds = 30;
    private const int DefaultBufferSize = 2048;

    /// <summary>The most bytes that the drivers of Falco and sysdig keep of one system call.</summary>
    private const int MostBufferSize = 65_000;

    /// <summary>The longest path that <c>sun_path</c> can hold.</summary>
    private const int LongestSocket = 107;

    public static ParameterSchema Schema { get; } = new(
    [
        CaptureParameters.Seconds(MostSeconds),
        new ParameterSpec
        {
            Name = "buffer_size",
            Type = ParameterType.Whole,
            DefaultText = "2048",
            Description = "How many bytes of the data of each system call to keep; 0 counts as not given.",
            Range = new WholeRange(128, MostBufferSize, "bytes") { Advice = "leave it out for 2048", AllowsZero = true },
        },
        new ParameterSpec
        {
            Name = "scope",
            Type = ParameterType.Text,
            DefaultText = "pod",
            Description = "Whose system calls to capture: pod, or node for all processes of the node the pod runs on.",
            Check = SettingChecks.OneOf("pod", "node"),
        },
        CaptureParameters.Image(DefaultImage, "sysdig"),
        new ParameterSpec
        {
            Name = "namespace",
            Type = ParameterType.Text,
            DefaultText = "the namespace of Talon",
            Description = "The namespace of the privileged Job that captures; whoever may enter its pods owns the node meanwhile.",
            Check = ParameterChecks.Text(TargetParameters.CheckNamespace),
        },
        CaptureParameters.ImageWait,
        CaptureParameters.MaxSize,
        new ParameterSpec
        {
            Name = "runtime_socket",
            Type = ParameterType.Text,
            DefaultText = "the usual one of containerd, CRI-O or Docker",
            Description = "The path of the socket of the container runtime on the node, where it is not the usual one (k3s: /run/k3s/containerd/containerd.sock).",
            Check = ParameterChecks.Text(CheckSocket),
        },
    ]);

    public required TimeSpan Duration { get; init; }

    /// <summary>How many bytes of the data of each system call are kept.</summary>
    public required int BufferSize { get; init; }

    public required SysdigScope Scope { get; init; }

    public required string Image { get; init; }

    /// <summary>The namespace of the Job that captures; null for Talon's own.</summary>
    public required NamespaceName? Namespace { get; init; }

    /// <summary>How long the image may take to be pulled and its container to start.</summary>
    public required TimeSpan ImageWait { get; init; }

    /// <summary>Where the capture is cut, in bytes.</summary>
    public required long MaxSize { get; init; }

    /// <summary>The socket of the container runtime on the node; null for the usual one of the runtime.</summary>
    public required string? RuntimeSocket { get; init; }

    /// <summary>How long fetching the capture may take: enough for the largest one at 2 MiB a second.</summary>
    public TimeSpan FetchTime => TimeSpan.FromSeconds(MaxSize >> 21);

    public static (SysdigParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        var parameters = new SysdigParameters
        {
            Duration = TimeSpan.FromSeconds(map.GetWhole("duration") is { } seconds and > 0 ? seconds : CaptureParameters.DefaultSeconds),
            BufferSize = map.GetWhole("buffer_size") is { } bytes and > 0 ? (int)bytes : DefaultBufferSize,
            Scope = map.GetText("scope") == "node" ? SysdigScope.Node : SysdigScope.Pod,
            Image = map.GetText("image") ?? DefaultImage,
            Namespace = NamespaceName.TryCreate(map.GetText("namespace"), out var name) ? name : null,
            ImageWait = CaptureParameters.ImageWaitOf(map),
            MaxSize = CaptureParameters.MaxSizeOf(map),
            RuntimeSocket = map.GetText("runtime_socket"),
        };
        return (parameters, problems);
    }

    private static string? CheckSocket(string text) =>
        text is ['/', _, ..] && text.Length <= LongestSocket
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_')
        && text[1..].Split('/').All(part => part is not ("" or "." or ".."))
            ? null
            : $"must be the absolute path of a socket: letters, digits, '.', '-' and '_' between single slashes, at most {LongestSocket}";
}
