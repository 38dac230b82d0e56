using System.Collections.Immutable;

namespace Talon.Rules.Catalog;

/// <summary>The value of a parameter as written in a rule file, before any variable is expanded: a closed set. Equal by content.</summary>
public abstract record ParameterValue
{
    private ParameterValue()
    {
    }

    /// <summary>A text.</summary>
    public sealed record Text(string Value) : ParameterValue;

    /// <summary>A whole number.</summary>
    public sealed record Whole(long Value) : ParameterValue
    {
        /// <summary>As written, for messages; null when it was not read from a file. No part of the value.</summary>
        internal string? Literal { get; init; }

        /// <inheritdoc/>
        public bool Equals(Whole? other) => other is not null && Value == other.Value;

        /// <inheritdoc/>
        public override int GetHashCode() => Value.GetHashCode();
    }

    /// <summary>Any other number. Its literal is kept: no digit is lost.</summary>
    public sealed record Real(string Literal) : ParameterValue
    {
        /// <summary>Whether it has neither fraction nor exponent, and so is a whole number that 64 bits cannot hold.</summary>
        internal bool IsLargeWhole => Literal.AsSpan().TrimStart("+-") is { IsEmpty: false } digits && !digits.ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>True or false.</summary>
    public sealed record Flag(bool Value) : ParameterValue
    {
        /// <summary>As written, for messages; null when it was not read from a file. No part of the value.</summary>
        internal string? Literal { get; init; }

        /// <inheritdoc/>
        public bool Equals(Flag? other) => other is not null && Value == other.Value;

        /// <inheritdoc/>
        public override int GetHashCode() => Value.GetHashCode();
    }

    /// <summary>A list.</summary>
    public sealed record List(ImmutableArray<ParameterValue> Items) : ParameterValue
    {
        /// <inheritdoc/>
        public bool Equals(List? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var item in Items)
            {
                hash.Add(item);
            }

            return hash.ToHashCode();
        }
    }

    /// <summary>A map.</summary>
    public sealed record Map(ParameterMap Entries) : ParameterValue;

    /// <summary>Nothing: a name without a value.</summary>
    public sealed record Nothing : ParameterValue;
}
