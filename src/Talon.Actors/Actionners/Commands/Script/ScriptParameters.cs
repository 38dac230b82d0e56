using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Commands.Script;

/// <summary>The parameters of <c>kubernetes:script</c>. Exactly one of <paramref name="Script"/> and <paramref name="File"/> is given.</summary>
/// <param name="File">The path of a file on Talon's host; it is read when the action runs, not before.</param>
/// <param name="Container">The container; null lets the event and the pod decide.</param>
/// <param name="AllowUnsetVariables">Whether a variable that the event does not set is empty instead of an error.</param>
/// <param name="MaxOutput">How many bytes of stdout and of stderr are kept to show.</param>
internal sealed record ScriptParameters(
    string? Script, string? File, string Shell, string? Container, bool AllowUnsetVariables, int MaxOutput, bool Inline)
{
    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "script",
            Type = ParameterType.Text,
            DefaultText = "the content of file",
            Description = "The script for the shell; ${FD_NAME} stands for the field fd.name of the event, and so on. An empty text counts as not given.",
            Check = ParameterChecks.OrEmpty(ParameterChecks.Text(ParameterChecks.Template)),
        },
        new ParameterSpec
        {
            Name = "file",
            Type = ParameterType.Text,
            IsTextFile = true,
            DefaultText = "none: script holds the text",
            Description = "The path of a file with the script on the host of Talon, read each time the action runs. An empty text counts as not given.",
            Check = ParameterChecks.OrEmpty(ParameterChecks.Text(ParameterChecks.NotBlank)),
        },
        CommandParameters.Shell,
        TargetParameters.Container,
        CommandParameters.AllowUnsetVariables,
        CommandParameters.MaxOutput,
        CommandParameters.Inline,
    ])
    {
        Missing = map => (Given(map, "script") ?? Given(map, "file")) is null
            ? "parameter 'script' or 'file' is missing; give the text of the script, or the path of a file that holds it"
            : null,
        Check = map => (Given(map, "script") is not null, Given(map, "file") is not null) switch
        {
            (true, true) => "parameters 'script' and 'file' are both given; keep one of them",
            _ when PodShell.CheckShell(CommandParameters.ShellOf(map)) is { } problem => $"parameter 'shell': {problem}",
            _ => PodShell.CheckText(map, "script"),
        },
    };

    public static (ScriptParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        var parameters = new ScriptParameters(
            Given(map, "script"),
            Given(map, "file"),
            CommandParameters.ShellOf(map),
            map.GetText("container"),
            map.GetFlag("allow_unset_variables") ?? false,
            CommandParameters.MaxOutputOf(map),
            map.GetFlag("inline") ?? false);
        return (parameters, problems);
    }

    private static string? Given(ParameterMap map, string name) => map.GetText(name) is { Length: > 0 } text ? text : null;
}
