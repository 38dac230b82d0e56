namespace Talon.Sandbox;

/// <summary>The arguments of the program.</summary>
/// <param name="Once">End when the pod is gone.</param>
/// <param name="Events">A file of events to post instead of the sample; null: the sample.</param>
/// <param name="Rules">The rule file; null: the sample.</param>
/// <param name="Help">Show the usage and end.</param>
internal sealed record SandboxArguments(bool Once, string? Events, string? Rules, bool Help)
{
    public const int WrongUsage = 2;

    public const string Usage =
        """
        Shows Talon at work on this machine: a Kubernetes API in memory, the real talon server, and a Falco event.

        usage: tests/sandbox.sh [OPTIONS]

          --once           end when the pod of the event is gone (exit code 0), or after 60 s at most (exit code 1)
          --events FILE    post the events of this file, one JSON object a line, instead of the sample, and end with a table
          --rules FILE     use these rules instead of the sample
          --help           show this text

        Without --once and --events it keeps running until Ctrl+C and shows whatever else is posted.
        """;

    /// <summary>Whether only a signal ends the program.</summary>
    public bool KeepsRunning => !Once && Events is null;

    /// <returns>Null and a fault when the arguments are wrong.</returns>
    public static SandboxArguments? Parse(IReadOnlyList<string> args, out string fault)
    {
        var parsed = new SandboxArguments(Once: false, Events: null, Rules: null, Help: false);
        fault = "";
        for (int i = 0; i < args.Count; i++)
        {
            string? value = i + 1 < args.Count ? args[i + 1] : null;
            switch (args[i])
            {
                case "--once":
                    parsed = parsed with { Once = true };
                    break;
                case "--help" or "-h":
                    parsed = parsed with { Help = true };
                    break;
                case "--events" when value is not null:
                    parsed = parsed with { Events = value };
                    i++;
                    break;
                case "--rules" when value is not null:
                    parsed = parsed with { Rules = value };
                    i++;
                    break;
                default:
                    fault = $"wrong argument {args[i]}\n\n{Usage}";
                    return null;
            }
        }

        return parsed;
    }
}
