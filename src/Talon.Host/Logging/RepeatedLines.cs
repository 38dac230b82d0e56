using System.Diagnostics.CodeAnalysis;

namespace Talon.Host.Logging;

/// <summary>
/// Leaves out lines of others that come again within a minute: while a node is away its neighbours say so once a second, and whoever
/// reads the log is looking for something else. The next one after that says how many there were. Thread-safe.
/// </summary>
internal sealed class RepeatedLines(TimeProvider clock)
{
    private const int MostKnown = 200;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Logger, string Text), (long ToldAt, int More)> _known = [];

    /// <summary>Whether a line is to be written, and the text that it then has.</summary>
    public bool MayTell(string logger, string text, [NotNullWhen(true)] out string? told)
    {
        told = text;
        lock (_known)
        {
            if (!_known.TryGetValue((logger, text), out var known))
            {
                MakeRoom();
            }
            else if (clock.GetElapsedTime(known.ToldAt) < Window)
            {
                _known[(logger, text)] = known with { More = known.More + 1 };
                told = null;
                return false;
            }
            else if (known.More > 0)
            {
                told = $"{text} ({known.More} more like this since the last one told)";
            }

            _known[(logger, text)] = (clock.GetTimestamp(), 0);
            return true;
        }
    }

    private void MakeRoom()
    {
        foreach (var old in _known.Where(line => line.Value.More == 0 && clock.GetElapsedTime(line.Value.ToldAt) >= Window).Select(line => line.Key).ToList())
        {
            _known.Remove(old);
        }

        if (_known.Count >= MostKnown)
        {
            _known.Remove(_known.MinBy(line => line.Value.ToldAt).Key);
        }
    }
}
