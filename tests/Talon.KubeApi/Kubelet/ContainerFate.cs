using System.Globalization;
using System.Text.RegularExpressions;

namespace Talon.KubeApi;

/// <summary>How long a container runs, and how it ends.</summary>
/// <param name="EndsAfter">Time of the container, scaled as the waits of the server are; null: it runs until its pod ends.</param>
/// <param name="ExitCode">Its exit code.</param>
public sealed partial record ContainerFate(TimeSpan? EndsAfter, int ExitCode = 0)
{
    /// <summary>
    /// Reads it from a command: <c>sleep 30</c>, <c>timeout 30 x</c>, <c>true</c>, <c>false</c>, or a shell text, whose sleeps add up and
    /// whose last <c>exit</c> counts. What it cannot read runs on.
    /// </summary>
    public static ContainerFate Of(IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var name = command.Count == 0 ? "" : Path.GetFileName(command[0]);
        return (name, command.Count) switch
        {
            ("sleep", 2) => new ContainerFate(Seconds(command[1])),
            ("timeout", > 2) => new ContainerFate(Seconds(command[1]), 124),
            ("true", _) => new ContainerFate(TimeSpan.Zero),
            ("false", _) => new ContainerFate(TimeSpan.Zero, 1),
            ("sh" or "bash", > 2) when command[1] == "-c" && !Endless().IsMatch(command[2]) => OfShell(command[2]),
            _ => new ContainerFate(EndsAfter: null),
        };
    }

    private static ContainerFate OfShell(string text)
    {
        var exit = Exit().Matches(text).LastOrDefault();
        var sleeps = Sleep().Matches(text).Select(m => Seconds(m.Groups["time"].Value)).ToList();
        TimeSpan? all = sleeps.Contains(null) ? null : sleeps.Aggregate(TimeSpan.Zero, (sum, one) => sum + one!.Value);
        return new ContainerFate(all, exit is null ? 0 : int.Parse(exit.Groups["code"].Value, CultureInfo.InvariantCulture));
    }

    private static TimeSpan? Seconds(string text)
    {
        if (!double.TryParse(text.TrimEnd('s', 'm', 'h', 'd'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        return text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => TimeSpan.FromSeconds(number),
        };
    }

    [GeneratedRegex(@"\bsleep +(?<time>[a-z0-9.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bexit +(?<code>[0-9]{1,3})\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Exit();

    [GeneratedRegex(@"\b(while|until|tail -f)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Endless();
}
