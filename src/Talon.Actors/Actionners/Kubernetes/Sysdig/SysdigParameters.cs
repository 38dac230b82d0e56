using System.Collections.Immutable;
using Talon.Actors.Actionners.Shared;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Kubernetes.Sysdig;

/// <summary>The parameters of <c>kubernetes:sysdig</c>.</summary>
/// <param name="Duration">How long system calls are captured.</param>
/// <param name="BufferSize">How many bytes of the data of each system call are kept.</param>
/// <param name="Scope">Whose system calls.</param>
/// <param name="Image">The image that brings sysdig.</param>
/// <param name="Namespace">The namespace of the Job that captures; null for Talon's own.</param>
internal sealed record SysdigParameters(TimeSpan Duration, int BufferSize, SysdigScope Scope, string Image, NamespaceName? Namespace)
{
    private const string DefaultImage = "issif/sysdig:latest";
    private const int MostSeconds = 30;
    private const int DefaultBufferSize = 2048;

    /// <summary>The most that the drivers of Falco and sysdig keep of one system call.</summary>
    private const int MostBufferSize = 65_000;

    public static ParameterSchema Schema { get; } = new(
    [
        SharedParameters.CaptureSeconds(MostSeconds),
        new ParameterSpec
        {
            Name = "buffer_size",
            Type = ParameterType.Whole,
            DefaultText = "2048",
            Description = "How many bytes of the data of each system call to keep; 0 counts as not given.",
            Check = ParameterChecks.OrZero(ParameterChecks.Between(128, MostBufferSize, "bytes; leave it out for 2048")),
        },
        new ParameterSpec
        {
            Name = "scope",
            Type = ParameterType.Text,
            DefaultText = "pod",
            Description = "Whose system calls to capture: pod, or node for all processes of the node the pod runs on.",
            Check = SettingChecks.OneOf("pod", "node"),
        },
        SharedParameters.Image(DefaultImage, "sysdig"),
        new ParameterSpec
        {
            Name = "namespace",
            Type = ParameterType.Text,
            DefaultText = "the namespace of Talon",
            Description = "The namespace of the privileged Job that captures; whoever may enter its pods owns the node meanwhile.",
            Check = ParameterChecks.Text(SharedParameters.CheckNamespace),
        },
    ]);

    /// <summary>Reads parameters as written in a plan. The problems are empty when they are right; else the parameters say nothing.</summary>
    public static (SysdigParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        var parameters = new SysdigParameters(
            TimeSpan.FromSeconds(map.GetWhole("duration") is { } seconds and > 0 ? seconds : SharedParameters.DefaultCaptureSeconds),
            map.GetWhole("buffer_size") is { } bytes and > 0 ? (int)bytes : DefaultBufferSize,
            map.GetText("scope") == "node" ? SysdigScope.Node : SysdigScope.Pod,
            map.GetText("image") ?? DefaultImage,
            NamespaceName.TryCreate(map.GetText("namespace"), out var name) ? name : null);
        return (parameters, problems);
    }
}
