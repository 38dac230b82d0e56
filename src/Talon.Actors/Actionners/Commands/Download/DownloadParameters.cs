using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Commands.Download;

/// <summary>The parameters of <c>kubernetes:download</c>.</summary>
/// <param name="File">The path of the file, variables not expanded.</param>
/// <param name="MaxSize">The largest file, in bytes.</param>
/// <param name="Container">The container; null lets the event and the pod decide.</param>
/// <param name="AllowUnsetVariables">Whether a variable that the event does not set is empty instead of an error.</param>
internal sealed record DownloadParameters(string File, long MaxSize, string? Container, bool AllowUnsetVariables)
{
    private const long DefaultMaxSize = 100L << 20;
    private const long LargestMaxSize = 10L << 30;

    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "file",
            Type = ParameterType.Text,
            Required = true,
            Description = "The path of the file in the container; ${FD_NAME} stands for the field fd.name of the event, and so on.",
            Check = ParameterChecks.Text(ParameterChecks.Template),
        },
        new ParameterSpec
        {
            Name = "max_size",
            Type = ParameterType.Text,
            DefaultText = "100Mi",
            Description = "How many bytes the file may have: a number, with Ki, Mi or Gi behind it if it is large. A larger file fails the action.",
            Check = ParameterChecks.SizeUpTo(LargestMaxSize, "100Mi"),
        },
        TargetParameters.Container,
        CommandParameters.AllowUnsetVariables,
    ]);

    public static (DownloadParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        var parameters = new DownloadParameters(
            map.GetText("file") ?? "",
            ByteSize.TryParse(map.GetText("max_size"), out long bytes) ? bytes : DefaultMaxSize,
            map.GetText("container"),
            map.GetFlag("allow_unset_variables") ?? false);
        return (parameters, problems);
    }
}
