namespace Talon.Actors.Pipeline.Events;

/// <summary>
/// How often each action of an event was put off because what it needs was not there yet, and how long to the next try: 0.25 s, doubling to
/// 2 s, with 20 % jitter. Plain data without actors; when it is lost the tries begin anew, and what bounds them does not.
/// </summary>
internal sealed class Postponements
{
    private const double FirstSeconds = 0.25;
    private const double LongestSeconds = 2;

    private readonly Dictionary<int, int> _times = [];

    /// <summary>Whether the action has been put off.</summary>
    public bool Has(int position) => _times.ContainsKey(position);

    /// <summary>The action is put off: until when.</summary>
    /// <param name="jitter">A random number in [0, 1).</param>
    public TimeSpan Next(int position, double jitter)
    {
        int times = _times.GetValueOrDefault(position);
        _times[position] = times + 1;
        double seconds = Math.Min(FirstSeconds * Math.Pow(2, Math.Min(times, 10)), LongestSeconds);
        return TimeSpan.FromSeconds(seconds * (0.8 + (0.4 * jitter)));
    }

    /// <summary>What was put off has been begun, or ended.</summary>
    public void Forget(int position) => _times.Remove(position);
}
