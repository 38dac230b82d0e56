using System.Collections.Immutable;
using Talon.Rules.Events;

namespace Talon.Rules.Matching;

/// <summary>What follows from one condition on a field for another on the same field. Every yes is certain, a no is not.</summary>
internal static class FieldLogic
{
    /// <summary>The only texts for which the condition holds; null when there are too many to name.</summary>
    public static ImmutableArray<string>? TextsOf(FieldCondition condition) => condition switch
    {
        FieldEqualsCondition { IsEqual: true } equal => [equal.Value],
        FieldInCondition some => some.Values,
        _ => null,
    };

    /// <summary>How many comparisons a condition is good for.</summary>
    public static int Cost(FieldCondition condition) => condition is FieldInCondition some ? some.Values.Length : 1;

    /// <summary>Whether the second holds wherever the first does.</summary>
    public static bool Implies(FieldCondition one, FieldCondition other)
    {
        if (TextsOf(one) is { } texts)
        {
            return texts.All(other.HoldsFor);
        }

        return (one, other) switch
        {
            (FieldEqualsCondition { IsEqual: false } a, FieldEqualsCondition { IsEqual: false } b) => a.Value == b.Value,
            (FieldExistsCondition, FieldExistsCondition) => true,
            (FieldExistsCondition, FieldEqualsCondition { IsEqual: false } b) => !one.HoldsFor(b.Value),
            (FieldStartsWithCondition a, FieldStartsWithCondition b) => b.HoldsFor(a.Prefix),
            (FieldStartsWithCondition, FieldEqualsCondition { IsEqual: false } b) => !one.HoldsFor(b.Value),
            (FieldStartsWithCondition, FieldExistsCondition) => !one.HoldsFor("") && !one.HoldsFor(WellKnownFields.NotAvailable),
            (FieldCidrCondition a, FieldCidrCondition b) => b.Network.Contains(a.Network),
            (FieldCidrCondition, FieldEqualsCondition { IsEqual: false } b) => !one.HoldsFor(b.Value),
            (FieldCidrCondition, FieldExistsCondition) => true,
            _ => false,
        };
    }

    /// <summary>Whether there is no value for which both hold.</summary>
    public static bool Excludes(FieldCondition one, FieldCondition other)
    {
        if (TextsOf(one) is { } texts)
        {
            return !texts.Any(other.HoldsFor);
        }

        if (TextsOf(other) is not null)
        {
            return Excludes(other, one);
        }

        return (one, other) switch
        {
            (FieldStartsWithCondition a, FieldStartsWithCondition b) => !a.HoldsFor(b.Prefix) && !b.HoldsFor(a.Prefix),
            (FieldCidrCondition a, FieldCidrCondition b) => !a.Network.Contains(b.Network) && !b.Network.Contains(a.Network),
            (FieldStartsWithCondition a, FieldCidrCondition) => !MayBeginAnAddress(a.Prefix),
            (FieldCidrCondition, FieldStartsWithCondition b) => !MayBeginAnAddress(b.Prefix),
            _ => false,
        };
    }

    private static bool MayBeginAnAddress(string prefix) =>
        prefix.Length <= IpAddress.LongestText && prefix.All(c => char.IsAsciiHexDigit(c) || c is '.' or ':');
}
