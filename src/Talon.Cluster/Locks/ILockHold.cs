namespace Talon.Cluster.Locks;

/// <summary>Being alone with something, for a bounded time. Disposing gives it back.</summary>
public interface ILockHold : IDisposable
{
    /// <summary>
    /// Whether it still holds, by this process's own monotonic clock. To be asked right before each write that must be alone:
    /// a process that was frozen has lost its hold without being told.
    /// </summary>
    bool IsHeld => Left > TimeSpan.Zero;

    /// <summary>How much longer it holds, by the same clock; zero when it no longer does.</summary>
    TimeSpan Left { get; }
}
