using System.Collections.Immutable;

namespace Talon.Rules.Variables;

/// <summary>A template with its variables filled in. Each piece knows where it comes from, so that whoever hands the text on can keep data apart from what the rule's author wrote.</summary>
public sealed record ExpandedText(ImmutableArray<ExpandedPiece> Pieces)
{
    /// <summary>Whether any of it comes from the event.</summary>
    public bool HoldsEventData => Pieces.Any(piece => piece.Origin == VariableOrigin.Event);

    /// <summary>The whole text. Not for a shell: what comes from an event must reach it as data.</summary>
    public string Join() => string.Concat(Pieces.Select(piece => piece.Text));

    /// <inheritdoc/>
    public bool Equals(ExpandedText? other) => other is not null && Pieces.AsSpan().SequenceEqual(other.Pieces.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Pieces.Aggregate(0, HashCode.Combine);
}
