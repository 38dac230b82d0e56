namespace Talon.Benchmarks.Load;

/// <summary>The pods that events are about.</summary>
internal static class Pods
{
    public const string Namespace = "bench";

    /// <summary>How many pods the scenarios share whose actions leave them in place.</summary>
    public const int Lasting = 50;

    /// <summary>The name of a pod.</summary>
    /// <param name="number">Its number.</param>
    public static string Name(long number) => $"pod-{UniqueRequests.Text(number)}";

    /// <summary>A name with a slot for the number of the request: each event about a pod of its own.</summary>
    public static string OwnName => $"pod-{UniqueRequests.Slot}";
}
