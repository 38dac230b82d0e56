namespace Talon.KubeApi;

/// <summary>What an exec answers instead of running a process. By default: no output, exit code 0, at once.</summary>
public sealed record ExecScript
{
    /// <summary>Read once, in frames of at most 32 KiB.</summary>
    public Stream Stdout { get; init; } = Stream.Null;

    public ReadOnlyMemory<byte> Stderr { get; init; }

    public int ExitCode { get; init; }

    /// <summary>Wait before the output, in real time.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>True: the output waits until the client has closed the input (subprotocol v5).</summary>
    public bool ReadsStdin { get; init; }

    /// <summary>After this many bytes of output the <see cref="End"/> comes; null: after all of it.</summary>
    public long? EndAfter { get; init; }

    public ExecEnd End { get; init; }

    /// <summary>The command cannot be started: Status InternalError with this text at its end instead of an exit code.</summary>
    public string? StartFault { get; init; }

    /// <summary>A script that prints a text and ends.</summary>
    public static ExecScript Print(string text, int exitCode = 0) =>
        new() { Stdout = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), ExitCode = exitCode };
}
