using System.Collections.Frozen;
using System.Collections.Immutable;
using Talon.Rules.Text;

namespace Talon.Rules.Events;

/// <summary>
/// The output fields that tell repetitions of one alert apart and name nothing that an action is done to. They do not count for
/// <see cref="EventId"/>, unless a matching rule names them. A doubtful field stays off this list: an alert mistaken for
/// another one gets no answer, an unrecognised repetition only gets a second one. The names are those of Falco's field
/// reference; <c>docs/event-identity.md</c> holds the same list.
/// </summary>
internal static class VolatileFields
{
    private const char Wildcard = '*';

    private static readonly (string Name, VolatileKind Kind)[] Patterns =
    [
        ("evt.time", VolatileKind.Time),
        ("evt.time.*", VolatileKind.Time),
        ("evt.rawtime", VolatileKind.Time),
        ("evt.rawtime.*", VolatileKind.Time),
        ("evt.datetime", VolatileKind.Time),
        ("evt.datetime.*", VolatileKind.Time),
        ("evt.reltime", VolatileKind.Time),
        ("evt.reltime.*", VolatileKind.Time),
        ("evt.outputtime", VolatileKind.Time),
        ("evt.latency", VolatileKind.Time),
        ("evt.latency.*", VolatileKind.Time),
        ("evt.deltatime", VolatileKind.Time),
        ("evt.deltatime.*", VolatileKind.Time),
        ("jevt.time", VolatileKind.Time),
        ("jevt.time.*", VolatileKind.Time),
        ("jevt.rawtime", VolatileKind.Time),
        ("jevt.rawtime.*", VolatileKind.Time),
        ("jevt.value[/requestReceivedTimestamp]", VolatileKind.Time),
        ("jevt.value[/stageTimestamp]", VolatileKind.Time),
        ("json.rawtime", VolatileKind.Time),
        ("json.value[/requestReceivedTimestamp]", VolatileKind.Time),
        ("json.value[/stageTimestamp]", VolatileKind.Time),
        ("proc.pid.ts", VolatileKind.Time),
        ("proc.ppid.ts", VolatileKind.Time),
        ("proc.duration", VolatileKind.Time),
        ("proc.ppid.duration", VolatileKind.Time),
        ("proc.exe_ino.ctime_duration_proc_start", VolatileKind.Time),
        ("container.duration", VolatileKind.Time),
        ("thread.exectime", VolatileKind.Time),
        ("thread.totexectime", VolatileKind.Time),
        ("evt.num", VolatileKind.Count),
        ("evt.cpu", VolatileKind.Count),
        ("proc.fdopencount", VolatileKind.Count),
        ("proc.fdusage", VolatileKind.Count),
        ("proc.nchilds", VolatileKind.Count),
        ("proc.nthreads", VolatileKind.Count),
        ("proc.vmrss", VolatileKind.Count),
        ("proc.vmsize", VolatileKind.Count),
        ("proc.vmswap", VolatileKind.Count),
        ("thread.cpu", VolatileKind.Count),
        ("thread.cpu.*", VolatileKind.Count),
        ("thread.pfmajor", VolatileKind.Count),
        ("thread.pfminor", VolatileKind.Count),
        ("thread.vmrss", VolatileKind.Count),
        ("thread.vmrss.*", VolatileKind.Count),
        ("thread.vmsize", VolatileKind.Count),
        ("thread.vmsize.*", VolatileKind.Count),
        ("ka.auditid", VolatileKind.Record),
        ("jevt.value[/auditID]", VolatileKind.Record),
        ("json.value[/auditID]", VolatileKind.Record),
        ("proc.pid", VolatileKind.Process),
        ("proc.ppid", VolatileKind.Process),
        ("proc.vpid", VolatileKind.Process),
        ("proc.pvpid", VolatileKind.Process),
        ("proc.apid[*]", VolatileKind.Process),
        ("proc.sid", VolatileKind.Process),
        ("proc.pgid", VolatileKind.Process),
        ("proc.vpgid", VolatileKind.Process),
        ("proc.loginshellid", VolatileKind.Process),
        ("thread.tid", VolatileKind.Process),
        ("thread.vtid", VolatileKind.Process),
    ];

    private static readonly FrozenDictionary<string, int> Whole = Patterns
        .Select((pattern, index) => KeyValuePair.Create(pattern.Name, index))
        .Where(pair => !pair.Key.Contains(Wildcard, StringComparison.Ordinal))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly (string Begin, string End, int Index)[] Families =
        [.. Patterns.Select((pattern, index) => (pattern.Name.Split(Wildcard), index)).Where(one => one.Item1.Length == 2).Select(one => (one.Item1[0], one.Item1[1], one.index))];

    // The variable that a field sets, up to where the name of a family ends.
    private static readonly string[] VariableNames = [.. Patterns.Select(pattern => VariableName.OfField(pattern.Name.Split(Wildcard)[0]))];

    /// <summary>The patterns in order: names, and families that end in <c>*</c> or <c>[*]</c>. No two match one field.</summary>
    public static ImmutableArray<string> All { get; } = [.. Patterns.Select(pattern => pattern.Name)];

    /// <summary>Those whose fields are numbers of processes, the only volatile ones that something could be done to.</summary>
    public static VolatileSet Processes { get; } = Where((_, index) => KindOf(index) == VolatileKind.Process);

    /// <summary>Why the fields of a pattern are volatile.</summary>
    /// <param name="index">Its place in <see cref="All"/>.</param>
    public static VolatileKind KindOf(int index) => Patterns[index].Kind;

    /// <summary>The place in <see cref="All"/> of the pattern that a field matches, ordinally; negative when the field is not volatile.</summary>
    public static int IndexOf(string field)
    {
        if (Whole.TryGetValue(field, out int index))
        {
            return index;
        }

        foreach (var (begin, end, family) in Families)
        {
            if (field.Length > begin.Length + end.Length && field.StartsWith(begin, StringComparison.Ordinal) && field.EndsWith(end, StringComparison.Ordinal))
            {
                return family;
            }
        }

        return -1;
    }

    /// <summary>
    /// The patterns whose variables may stand in a text. However they are written (<c>${PROC_VPID}</c>,
    /// <c>$PROC_VPID</c>, <c>${#PROC_VPID}</c>), they count: shells and templates differ there, and one too many does no harm.
    /// </summary>
    public static VolatileSet NamedIn(string text)
    {
        return text.Contains('$', StringComparison.Ordinal) ? Where((variable, _) => text.Contains(variable, StringComparison.Ordinal)) : default;
    }

    private static VolatileSet Where(Func<string, int, bool> isOne)
    {
        var found = default(VolatileSet);
        for (int i = 0; i < Patterns.Length; i++)
        {
            if (isOne(VariableNames[i], i))
            {
                found = found.With(i);
            }
        }

        return found;
    }
}
