using Talon.Rules.Events;

namespace Talon.Rules.Matching;

/// <summary><c>key exists</c>: the field says something. Missing, null, empty and Falco's <c>&lt;NA&gt;</c> say nothing.</summary>
internal sealed class FieldExistsCondition(string key, MatchKeys keys) : FieldCondition(key, keys)
{
    public override bool HoldsFor(string? text) => text is not null && SetValues.IsSet(text);

    public override string ToString() => $"{Key} exists";

    private protected override bool HoldsAt(FieldMap fields, int position) => position >= 0 && fields.IsSetAt(position);
}
