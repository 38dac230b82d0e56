using System.Collections.Immutable;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Rules.Matching;

/// <summary>The rules of a set that match an event, in file order, before any <c>continue</c>.</summary>
public readonly struct RuleMatch : IEquatable<RuleMatch>
{
    private readonly MatchedSet? _set;

    internal RuleMatch(MatchedSet? set) => _set = set;

    /// <summary>Whether no rule matches.</summary>
    public bool IsEmpty => _set is null;

    /// <summary>How many rules match.</summary>
    public int Count => _set?.Names.Length ?? 0;

    /// <summary>The names of the matching rules.</summary>
    public ImmutableArray<string> Names => _set?.Names ?? [];

    /// <summary>What will be done; null when no rule matches. The same instance for the same matching rules.</summary>
    public EventPlan? Plan => _set?.Plan;

    /// <summary>The volatile fields that a matching rule names, in a condition or in a parameter: they count for the identity of the event.</summary>
    public VolatileSet Named => _set?.Named ?? default;

    /// <summary>Whether both stand for the same matched set.</summary>
    public static bool operator ==(RuleMatch left, RuleMatch right) => left.Equals(right);

    /// <summary>Whether they stand for different matched sets.</summary>
    public static bool operator !=(RuleMatch left, RuleMatch right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(RuleMatch other) => Names.AsSpan().SequenceEqual(other.Names.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RuleMatch other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (string name in Names)
        {
            hash.Add(name, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
