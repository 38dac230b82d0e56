using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Shared;

/// <summary>The parameters that several actionners have under the same name and with the same meaning.</summary>
internal static class SharedParameters
{
    /// <summary>The default of <see cref="Shell"/>.</summary>
    public const string DefaultShell = "/bin/sh";

    /// <summary>The default of <see cref="ImageWait"/>, in seconds.</summary>
    public const int DefaultImageWait = 20;

    /// <summary>The default of <see cref="CaptureMaxSize"/>, in bytes.</summary>
    public const long DefaultCaptureMaxSize = 100L << 20;

    /// <summary>The default of <see cref="MaxOutput"/>: 64 KiB.</summary>
    public const int DefaultMaxOutput = 64 * 1024;

    /// <summary>The default of <see cref="CaptureSeconds"/>.</summary>
    public const int DefaultCaptureSeconds = 5;

    /// <summary>Which container an action works in, where that is one of the pod.</summary>
    public static ParameterSpec Container { get; } = ContainerOr(
        "the container of the event, else the one named by the annotation kubectl.kubernetes.io/default-container, else the first",
        "The name of the container of the pod to work in.");

    /// <summary>The shell that runs a text of the rule author.</summary>
    public static ParameterSpec Shell { get; } = new()
    {
        Name = "shell",
        Type = ParameterType.Text,
        DefaultText = DefaultShell,
        Description = "The shell in the container that runs it; an empty text counts as not given.",
        Check = ParameterChecks.Text(text => text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? "must be the path of a shell, without arguments, such as /bin/sh"
            : null),
    };

    /// <summary>What happens to a variable that the event does not set.</summary>
    public static ParameterSpec AllowUnsetVariables { get; } = new()
    {
        Name = "allow_unset_variables",
        Type = ParameterType.Flag,
        DefaultText = "false",
        Description = "Take a variable that the event does not set as empty instead of failing the action.",
    };

    /// <summary>How much of what a command prints is kept. It is journalled, so it is bounded.</summary>
    public static ParameterSpec MaxOutput { get; } = new()
    {
        Name = "max_output",
        Type = ParameterType.Text,
        DefaultText = "64Ki",
        Description = "How many bytes of stdout, and as many of stderr, are kept to be shown; the rest is only counted and digested.",
        Check = SizeUpTo(128 * 1024, "64Ki"),
    };

    /// <summary>Whether the text that an action brings back is shown.</summary>
    public static ParameterSpec Inline { get; } = new()
    {
        Name = "inline",
        Type = ParameterType.Flag,
        DefaultText = "false",
        Description = "Show the text that came back in logs and notifications, cut to a limit, instead of only its size and digest.",
    };

    /// <summary>Whether pods of DaemonSets are spared.</summary>
    public static ParameterSpec IgnoreDaemonSets { get; } = new()
    {
        Name = "ignore_daemonsets",
        Type = ParameterType.Flag,
        DefaultText = "false",
        Description = "Leave pods of DaemonSets alone.",
    };

    /// <summary>Whether pods of StatefulSets are spared.</summary>
    public static ParameterSpec IgnoreStatefulSets { get; } = new()
    {
        Name = "ignore_statefulsets",
        Type = ParameterType.Flag,
        DefaultText = "false",
        Description = "Leave pods of StatefulSets alone.",
    };

    /// <summary>How long a container that Talon adds may take to run.</summary>
    public static ParameterSpec ImageWait { get; } = new()
    {
        Name = "image_wait",
        Type = ParameterType.Whole,
        DefaultText = $"{DefaultImageWait}",
        Description = "How many seconds the image may take to be pulled and its container to start.",
        Range = new WholeRange(1, 300, "seconds"),
    };

    /// <summary>How large a capture may become.</summary>
    public static ParameterSpec CaptureMaxSize { get; } = new()
    {
        Name = "max_size",
        Type = ParameterType.Text,
        DefaultText = "100Mi",
        Description = "How many bytes the capture may have: a number, with Ki, Mi or Gi behind it if it is large. There it is cut, and the outcome says so.",
        Check = SizeUpTo(10L << 30, "100Mi"),
    };

    /// <summary>What <see cref="Shell"/> says.</summary>
    /// <param name="map">The parameters, bound.</param>
    public static string ShellOf(ParameterMap map) => map.GetText(Shell.Name) is { Length: > 0 } shell ? shell : DefaultShell;

    /// <summary>What <see cref="MaxOutput"/> says.</summary>
    /// <param name="map">The parameters, bound.</param>
    public static int MaxOutputOf(ParameterMap map) => ByteSize.TryParse(map.GetText(MaxOutput.Name), out long bytes) ? (int)bytes : DefaultMaxOutput;

    /// <summary>What <see cref="ImageWait"/> says.</summary>
    /// <param name="map">The parameters, bound.</param>
    public static TimeSpan ImageWaitOf(ParameterMap map) => TimeSpan.FromSeconds(map.GetWhole(ImageWait.Name) ?? DefaultImageWait);

    /// <summary>What <see cref="CaptureMaxSize"/> says.</summary>
    /// <param name="map">The parameters, bound.</param>
    public static long CaptureMaxSizeOf(ParameterMap map) =>
        ByteSize.TryParse(map.GetText(CaptureMaxSize.Name), out long bytes) ? bytes : DefaultCaptureMaxSize;

    /// <summary>A choice of a container.</summary>
    /// <param name="defaultText">What holds when it is not given.</param>
    /// <param name="description">What it means.</param>
    public static ParameterSpec ContainerOr(string defaultText, string description) => new()
    {
        Name = "container",
        Type = ParameterType.Text,
        DefaultText = defaultText,
        Description = description,
        Check = ParameterChecks.Text(text => Dns1123.IsLabel(text)
            ? null
            : $"must be the name of a container: {Dns1123.LabelForm}"),
    };

    /// <summary>Null when it is the name of a namespace, else what is wrong.</summary>
    /// <param name="text">The text.</param>
    public static string? CheckNamespace(string text) => Dns1123.IsLabel(text)
        ? null
        : $"'{text}' is not the name of a namespace: {Dns1123.LabelForm}";

    /// <summary>Checks a number of bytes from 1 on. A plain number stands in quotes, because the parameter is a text.</summary>
    /// <param name="most">The largest size.</param>
    /// <param name="example">A size that would be right.</param>
    public static Func<ParameterValue, string?> SizeUpTo(long most, string example) => ParameterChecks.Text(
        text => ByteSize.TryParse(text, out long bytes) && bytes >= 1 && bytes <= most
            ? null
            : $"must be {ByteSize.Bounds(1, most)}, such as {example} or \"4096\"");

    /// <summary>The image of a container that Talon adds.</summary>
    /// <param name="defaultImage">What holds when it is not given.</param>
    /// <param name="program">What must be in it.</param>
    public static ParameterSpec Image(string defaultImage, string program) => new()
    {
        Name = "image",
        Type = ParameterType.Text,
        DefaultText = defaultImage,
        Description = $"The image that brings {program}; name it with its digest, so that it is always the same one.",
        Check = ParameterChecks.Text(ImageReference.Check),
    };

    /// <summary>How long a capture runs. <see cref="DefaultCaptureSeconds"/> stand in for 0 and for what is not given.</summary>
    /// <param name="most">The longest, in seconds.</param>
    public static ParameterSpec CaptureSeconds(int most) => new()
    {
        Name = "duration",
        Type = ParameterType.Whole,
        DefaultText = $"{DefaultCaptureSeconds}",
        Description = "How many seconds to capture; 0 counts as not given.",
        Range = new WholeRange(1, most, "seconds") { Advice = $"leave it out for {DefaultCaptureSeconds}", AllowsZero = true },
    };

    /// <summary>Whether the pod or its node is meant.</summary>
    /// <param name="what">What that object gets, for the description.</param>
    public static ParameterSpec Level(string what) => new()
    {
        Name = "level",
        Type = ParameterType.Text,
        DefaultText = "pod",
        Description = $"Which object gets the {what}: pod, or node for the node the pod runs on.",
        Check = SettingChecks.OneOf("pod", "node"),
    };

    /// <summary>How many pods of a ReplicaSet stay.</summary>
    /// <param name="description">What it means.</param>
    public static ParameterSpec MinHealthyReplicas(string description) => new()
    {
        Name = "min_healthy_replicas",
        Type = ParameterType.Text,
        DefaultText = "not checked",
        Description = description,
        Check = value => value is ParameterValue.Text text && ReplicaThreshold.TryParse(text.Value, out _)
            ? null
            : $"must be a number from 0 to {int.MaxValue} in quotes such as \"2\", or a percentage from 0% to 100% such as 33%",
    };
}
