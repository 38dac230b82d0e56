namespace Talon.KubeApi;

/// <summary>One exec as a container got it: what was asked and, while it goes on, what came of it. Thread-safe.</summary>
public sealed class ExecCall
{
    /// <summary>How much of the input is kept, in bytes.</summary>
    public const int StdinLimit = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly MemoryStream _stdin = new();
    private readonly TaskCompletionSource<int?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public required string Namespace { get; init; }

    public required string Pod { get; init; }

    public required string PodUid { get; init; }

    public required string Container { get; init; }

    /// <summary>The command and its arguments, as the query had them.</summary>
    public required IReadOnlyList<string> Argv { get; init; }

    public required bool Stdin { get; init; }

    public required bool Stdout { get; init; }

    public required bool Stderr { get; init; }

    /// <summary>The WebSocket subprotocol agreed upon; empty for the oldest one, which has no name and no status.</summary>
    public required string Protocol { get; init; }

    /// <summary>When the container got it.</summary>
    public DateTimeOffset Time { get; internal set; }

    /// <summary>The input that has come so far.</summary>
    public byte[] StdinBytes
    {
        get
        {
            lock (_gate)
                return _stdin.ToArray();
        }
    }

    /// <summary>True once the client has closed the input, or has gone.</summary>
    public bool IsStdinClosed { get; private set; }

    /// <summary>Process id of the command while it was or is a local process.</summary>
    public int? ProcessId { get; internal set; }

    /// <summary>Ends with the command: its exit code, or null when it could not be started or had none.</summary>
    public Task<int?> Ended => _ended.Task;

    internal void AddStdin(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
            _stdin.Write(bytes[..(int)Math.Min(bytes.Length, StdinLimit - _stdin.Length)]);
    }

    internal void CloseStdin() => IsStdinClosed = true;

    internal void End(int? exitCode) => _ended.TrySetResult(exitCode);
}
