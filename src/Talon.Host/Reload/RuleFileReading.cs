using Talon.Rules.Loading;

namespace Talon.Host.Reload;

/// <summary>Reads the rule files once.</summary>
/// <param name="files">The files, in order.</param>
internal delegate RuleFileSnapshot RuleFilesReader(IReadOnlyList<RuleFilePath> files);

/// <summary>
/// Reads the rule files and says whether what was read is one state of them. They are read one after another; a mounted ConfigMap
/// that is swapped meanwhile gives the half of each version.
/// </summary>
internal static class RuleFileReading
{
    /// <summary>Reads the files, of which only regular ones are opened.</summary>
    /// <inheritdoc cref="RuleFilesReader"/>
    public static RuleFileSnapshot Read(IReadOnlyList<RuleFilePath> files) => RuleFileSnapshot.Read(files, IsRegular);

    /// <summary>Whether a path is a regular file or, where the system does not say, may be one.</summary>
    /// <param name="path">The path; links are followed.</param>
    public static bool IsRegular(string path) => FileStamp.Of(path) is not { IsRegular: false };

    /// <summary>
    /// Reads the files twice. They held what was read, all at one time, when both readings are the same and no file or link on the
    /// way to one is another than before them.
    /// </summary>
    /// <param name="files">The files, in order.</param>
    /// <param name="read">How they are read.</param>
    public static (RuleFileSnapshot Snapshot, bool Steady) ReadTwice(IReadOnlyList<RuleFilePath> files, RuleFilesReader read)
    {
        var before = files.Select(State.Of).ToArray();
        var first = read(files);
        var second = read(files);
        bool steady = first.ContentHash == second.ContentHash && files.Zip(before, (file, old) => State.Of(file).Same(old)).All(same => same);
        return (second, steady);
    }

    private sealed record State(IReadOnlySet<(string Directory, string Name)> Places, FileStamp? Stamp)
    {
        public static State Of(RuleFilePath file) => new(LinkedPlaces.Of(file.Path), FileStamp.Of(file.Path));

        public bool Same(State other) => Stamp == other.Stamp && Places.SetEquals(other.Places);
    }
}
