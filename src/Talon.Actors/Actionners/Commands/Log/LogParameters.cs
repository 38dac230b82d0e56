using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Commands.Log;

/// <summary>The parameters of <c>kubernetes:log</c>.</summary>
/// <param name="SinceSeconds">How old a line may be; null for any age.</param>
/// <param name="Previous">Whether to read the run before the last restart.</param>
/// <param name="Container">The container; null for each container of the pod.</param>
internal sealed record LogParameters(int TailLines, int? SinceSeconds, bool Previous, string? Container, bool Inline)
{
    private const int DefaultTailLines = 20;

    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "tail_lines",
            Type = ParameterType.Whole,
            DefaultText = "20",
            Description = "How many of the last lines to fetch from each container; 0 counts as not given.",
            Range = new WholeRange(0, int.MaxValue, "lines") { Advice = "leave it out for 20" },
        },
        new ParameterSpec
        {
            Name = "since_seconds",
            Type = ParameterType.Whole,
            DefaultText = "any age",
            Description = "How many seconds old a line may be.",
            Range = new WholeRange(1, int.MaxValue, "seconds") { Advice = "leave it out for lines of any age" },
        },
        new ParameterSpec
        {
            Name = "previous",
            Type = ParameterType.Flag,
            DefaultText = "false",
            Description = "Fetch the lines of the previous run of the container, where it was restarted.",
        },
        TargetParameters.ContainerOr("every container of the pod", "The name of the container whose lines to fetch."),
        CommandParameters.Inline,
    ]);

    public static (LogParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        var parameters = new LogParameters(
            map.GetWhole("tail_lines") is { } lines and > 0 ? (int)lines : DefaultTailLines,
            (int?)map.GetWhole("since_seconds"),
            map.GetFlag("previous") ?? false,
            map.GetText("container"),
            map.GetFlag("inline") ?? false);
        return (parameters, problems);
    }
}
