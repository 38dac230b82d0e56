using System.Collections.Immutable;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Diagnostics;

/// <summary>Collects diagnostics. The same finding at the same place, met again through another rule, counts once.</summary>
internal sealed class DiagnosticBag(IReadOnlyList<string> files, bool lenient)
{
    private readonly List<RuleDiagnostic> _found = [];
    private readonly HashSet<(YamlMark Mark, string Message)> _seen = [];

    public bool HasErrors => ErrorCount > 0;

    /// <summary>The number of errors so far. One that is met again counts again.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>The severity of a finding that strict reading refuses and lenient reading only warns about.</summary>
    public DiagnosticSeverity LenientSeverity => lenient ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error;

    public void Add(DiagnosticSeverity severity, YamlMark mark, DiagnosticScope scope, string message, string? hint)
    {
        ErrorCount += severity == DiagnosticSeverity.Error ? 1 : 0;
        if (!_seen.Add((mark, message)))
        {
            return;
        }

        _found.Add(new RuleDiagnostic
        {
            Severity = severity,
            File = mark.File,
            Line = mark.Line,
            Column = mark.Column,
            Rule = scope.Rule,
            Action = scope.Action,
            Message = message,
            Hint = hint,
        });
    }

    public void AddFile(string file, string message, string? hint = null) =>
        Add(DiagnosticSeverity.Error, new YamlMark(file, 0, 0), default, message, hint);

    public void WarnOfFile(string file, string message, string? hint = null) =>
        Add(DiagnosticSeverity.Warning, new YamlMark(file, 0, 0), default, message, hint);

    /// <summary>Everything found, by the order of the files and then by place.</summary>
    public ImmutableArray<RuleDiagnostic> InOrder()
    {
        var order = files.Distinct(StringComparer.Ordinal).Select((file, index) => (file, index))
            .ToDictionary(pair => pair.file, pair => pair.index, StringComparer.Ordinal);
        return [.. _found.OrderBy(found => order.GetValueOrDefault(found.File, -1)).ThenBy(found => found.Line).ThenBy(found => found.Column)];
    }
}
