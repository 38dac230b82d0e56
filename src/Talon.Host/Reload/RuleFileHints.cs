using Talon.Actors.Telemetry;
using Talon.Rules.Loading;

namespace Talon.Host.Reload;

/// <summary>
/// Gives signs that rule files may have changed. It watches directories, never files: those are renamed, replaced and swapped
/// behind links. Only hints: whoever gets none looks once in a while all the same, which is also what is left when the system has
/// no more watches to give.
/// </summary>
internal sealed class RuleFileHints(
    IReadOnlyList<RuleFilePath> files, DirectoryWatchFactory start, Action changed, ITalonLog log, TimeSpan poll) : IDisposable
{
    private readonly Dictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private string? _fault;

    /// <summary>
    /// Watches what has to be watched by the links and directories of now. Called before each look, so that no change gets lost
    /// between the two. A fault in it is told and costs no look. Not safe from several threads.
    /// </summary>
    /// <param name="anew">
    /// Whether directories that are watched already are watched anew. After a change that is needed: another directory may have
    /// taken the place of the watched one.
    /// </param>
    public void Arm(bool anew)
    {
        try
        {
            ArmAll(anew);
            _fault = null;
        }
        catch (Exception e)
        {
            string fault = e is IOException or UnauthorizedAccessException ? e.Message : e.ToString();
            if (fault != _fault)
            {
                _fault = fault;
                Warn($"what to watch for changed rules cannot be found out, they are noticed up to {poll.TotalSeconds:0} s later: {fault}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string directory in _watched.Keys.ToArray())
        {
            Remove(directory);
        }
    }

    private void ArmAll(bool anew)
    {
        var wanted = files.SelectMany(file => LinkedPlaces.Of(file.Path))
            .GroupBy(place => place.Directory, place => place.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (string directory in _watched.Keys.Except(wanted.Keys, StringComparer.Ordinal).ToArray())
        {
            Remove(directory);
        }

        Forget(told => !wanted.ContainsKey(told));
        foreach (var (directory, names) in wanted)
        {
            var old = _watched.GetValueOrDefault(directory);
            if (old is { Failed: false })
            {
                // It has worked since the last look: when it fails again, that is news.
                Forget(told => told == directory);
            }

            if (old is null || anew || old.Failed || !old.Names.SetEquals(names))
            {
                Replace(directory, old, names);
            }
        }
    }

    // The new one first: between the two nothing may go unseen.
    private void Replace(string directory, Watched? old, HashSet<string> names)
    {
        var next = new Watched(names);
        try
        {
            next.Watch = start(directory, names, changed, e => Fail(next, directory, e));
            _watched[directory] = next;
        }
        catch (Exception e)
        {
            // Whatever is wrong with one directory, the others are watched.
            _watched.Remove(directory);
            Tell(directory, e);
        }

        old?.Watch?.Dispose();
    }

    private void Remove(string directory)
    {
        if (_watched.Remove(directory, out var watched))
        {
            watched.Watch?.Dispose();
        }
    }

    private void Fail(Watched watched, string directory, Exception e)
    {
        watched.Failed = true;
        Tell(directory, e);
    }

    private void Tell(string directory, Exception e)
    {
        // A directory that went away is looked for again, and its parent tells when it comes back.
        if (!Directory.Exists(directory))
        {
            changed();
        }
        else if (IsNews(directory))
        {
            Warn($"'{directory}' cannot be watched, changed rules are noticed up to {poll.TotalSeconds:0} s later: {e.Message}");
        }
    }

    // Watches fail on threads of the system.
    private bool IsNews(string directory)
    {
        lock (_gate)
        {
            return _told.Add(directory);
        }
    }

    private void Forget(Predicate<string> told)
    {
        lock (_gate)
        {
            _told.RemoveWhere(told);
        }
    }

    private void Warn(string error) => log.Write(new LogLine("rules") { Level = LogLineLevel.Warn, Error = error });

    private sealed class Watched(HashSet<string> names)
    {
        public HashSet<string> Names { get; } = names;

        public IDisposable? Watch { get; set; }

        public volatile bool Failed;
    }
}
