using System.Text;

namespace Talon.Rules.Matching;

/// <summary><c>key endswith text</c>: the field is there and its text ends with this one.</summary>
internal sealed class FieldEndsWithCondition(string key, string suffix, MatchKeys keys) : FieldTextCondition(key, suffix, keys)
{
    private readonly byte[] _suffix = Encoding.UTF8.GetBytes(suffix);

    public override string Word => "endswith";

    private protected override bool Passes(ReadOnlySpan<byte> utf8) => utf8.EndsWith(_suffix);
}
