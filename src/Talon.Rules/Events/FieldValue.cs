namespace Talon.Rules.Events;

/// <summary>The value of an output field.</summary>
/// <param name="Literal">
/// The text of a string, the literal of a number as it was sent (<c>1.0</c> stays <c>1.0</c>), <c>true</c> or <c>false</c>,
/// compact JSON of an object or array, empty for null.
/// </param>
public readonly record struct FieldValue(FieldKind Kind, string Literal)
{
    /// <summary>The text that may name an object: of strings (the empty one too) and numbers. Null for every other kind.</summary>
    public string? Text => Kind is FieldKind.Text or FieldKind.Number ? Literal : null;

    /// <summary>Whether it says anything: not null, not an empty text and not <c>&lt;NA&gt;</c>. Zero, <c>false</c>, blanks and empty lists are values.</summary>
    public bool IsSet => Kind != FieldKind.Null && SetValues.IsSet(Literal);
}
