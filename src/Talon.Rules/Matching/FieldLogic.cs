using System.Collections.Immutable;
using Talon.Rules.Events;

namespace Talon.Rules.Matching;

/// <summary>What follows from one condition on a field for another on the same field. Every yes is certain, a no is not.</summary>
internal static class FieldLogic
{
    // Testing one value of a rule file against a pattern takes about as long as this many comparisons.
    private const int PatternCost = 100;

    /// <summary>The only texts for which the condition holds; null when there are too many to name.</summary>
    public static ImmutableArray<string>? TextsOf(FieldCondition condition) => condition switch
    {
        FieldEqualsCondition { IsEqual: true } equal => [equal.Value],
        FieldInCondition some => some.Values,
        _ => null,
    };

    /// <summary>The cost of testing one text against a condition, in comparisons.</summary>
    public static int Cost(FieldCondition condition) => condition switch
    {
        FieldInCondition some => some.Values.Length,
        FieldGlobCondition or FieldRegexCondition => PatternCost,
        _ => 1,
    };

    /// <summary>Whether the second holds wherever the first does.</summary>
    public static bool Implies(FieldCondition one, FieldCondition other)
    {
        if (TextsOf(one) is { } texts)
        {
            return texts.All(other.HoldsFor);
        }

        return (one, other) switch
        {
            // What a condition refuses is unequal to all that it lets through.
            (_, FieldEqualsCondition { IsEqual: false } b) => !one.HoldsFor(b.Value),
            (_, FieldExistsCondition) => !one.HoldsFor(null) && !one.HoldsFor("") && !one.HoldsFor(WellKnownFields.NotAvailable),
            (FieldStartsWithCondition a, FieldStartsWithCondition or FieldContainsCondition) => other.HoldsFor(a.Prefix),
            (FieldEndsWithCondition a, FieldEndsWithCondition or FieldContainsCondition) => other.HoldsFor(a.Operand),
            (FieldContainsCondition { IgnoresCase: false } a, FieldContainsCondition) => other.HoldsFor(a.Operand),
            (FieldContainsCondition a, FieldContainsCondition { IgnoresCase: true }) => other.HoldsFor(a.Operand),
            (FieldCidrCondition a, FieldCidrCondition b) => b.Network.Contains(a.Network),
            (FieldTextCondition a, FieldTextCondition b) => a.Word == b.Word && a.Operand == b.Operand,
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
            (FieldEndsWithCondition a, FieldEndsWithCondition b) => !a.HoldsFor(b.Operand) && !b.HoldsFor(a.Operand),
            (FieldCidrCondition a, FieldCidrCondition b) => !a.Network.Contains(b.Network) && !b.Network.Contains(a.Network),
            (FieldStartsWithCondition a, FieldCidrCondition) => !MayBeginAnAddress(a.Prefix),
            (FieldCidrCondition, FieldStartsWithCondition b) => !MayBeginAnAddress(b.Prefix),
            _ => false,
        };
    }

    private static bool MayBeginAnAddress(string prefix) =>
        prefix.Length <= IpAddress.LongestText && prefix.All(c => char.IsAsciiHexDigit(c) || c is '.' or ':');
}
