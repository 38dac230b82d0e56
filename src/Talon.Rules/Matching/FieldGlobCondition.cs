namespace Talon.Rules.Matching;

/// <summary><c>key glob pattern</c>: the field is there and the pattern stands for its whole text.</summary>
internal sealed class FieldGlobCondition(string key, GlobPattern pattern, MatchKeys keys) : FieldTextCondition(key, pattern.Text, keys)
{
    public override string Word => "glob";

    private protected override bool Passes(ReadOnlySpan<byte> utf8) => utf8.Length <= PatternLimits.LongestText && pattern.Matches(utf8);

    private protected override string Remark(string text) => PatternLimits.Remark(text);
}
