using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Commands.Exec;

/// <summary>The parameters of <c>kubernetes:exec</c>.</summary>
/// <param name="Container">The container; null lets the event and the pod decide.</param>
/// <param name="AllowUnsetVariables">Whether a variable that the event does not set is empty instead of an error.</param>
/// <param name="MaxOutput">How many bytes of stdout and of stderr are kept to show.</param>
internal sealed record ExecParameters(string Command, string Shell, string? Container, bool AllowUnsetVariables, int MaxOutput, bool Inline)
{
    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "command",
            Type = ParameterType.Text,
            Required = true,
            Description = "The command for the shell; ${FD_NAME} stands for the field fd.name of the event, and so on.",
            Check = ParameterChecks.Text(ParameterChecks.Template),
        },
        CommandParameters.Shell,
        TargetParameters.Container,
        CommandParameters.AllowUnsetVariables,
        CommandParameters.MaxOutput,
        CommandParameters.Inline,
    ])
    {
        Check = map => PodShell.CheckText(map, "command"),
    };

    public static (ExecParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        var parameters = new ExecParameters(
            map.GetText("command") ?? "",
            CommandParameters.ShellOf(map),
            map.GetText("container"),
            map.GetFlag("allow_unset_variables") ?? false,
            CommandParameters.MaxOutputOf(map),
            map.GetFlag("inline") ?? false);
        return (parameters, problems);
    }
}
