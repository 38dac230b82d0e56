using System.Collections.Immutable;
using Talon.Host.Logging;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Text;

namespace Talon.Host.Reload;

/// <summary>Findings in rule files as lines, bounded in number and length: names in the files may be as long as the files.</summary>
internal static class Findings
{
    /// <summary>The longest line, in characters.</summary>
    public const int MaxLength = 500;

    /// <summary>The first findings, and a last line that says how many there are beyond them.</summary>
    public static ImmutableArray<string> Lines(ImmutableArray<string> findings, int most) => findings.Length <= most
        ? [.. findings.Select(Shorten)]
        : [.. findings.Take(most).Select(Shorten), $"and {findings.Length - most} more"];

    /// <summary>The findings of one severity, each one line.</summary>
    public static ImmutableArray<string> Of(ImmutableArray<RuleDiagnostic> diagnostics, DiagnosticSeverity severity) =>
        [.. diagnostics.Where(found => found.Severity == severity).Select(found => found.ToString())];

    private static string Shorten(string text) => Printable.Of(OneLine.Cut(text, MaxLength));
}
