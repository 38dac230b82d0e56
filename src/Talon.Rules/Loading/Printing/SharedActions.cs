using System.Collections.Immutable;
using Talon.Rules.Loading.Reading;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Printing;

/// <summary>Finds the actions that rules can share as action blocks when they are printed.</summary>
internal static class SharedActions
{
    /// <summary>
    /// The actions whose name stands in the rules more than once and each time with the same content, by name, in the order of
    /// their first use. An action takes over what it does not say from the block of its name; so there is no block of a name
    /// that stands for different things.
    /// </summary>
    public static OrderedDictionary<string, RawAction> Of(ImmutableArray<RawRule> rules)
    {
        var shared = new OrderedDictionary<string, RawAction>(StringComparer.Ordinal);
        foreach (var uses in rules.SelectMany(rule => rule.Actions).GroupBy(action => action.Name.Value, StringComparer.Ordinal))
        {
            var first = uses.First();
            var others = uses.Skip(1);
            if (others.Any() && others.All(other => AreEqual(first, other)))
            {
                shared.Add(uses.Key, first);
            }
        }

        return shared;
    }

    private static bool AreEqual(RawAction one, RawAction other) =>
        AreEqual(one.Description, other.Description)
        && AreEqual(one.Actionner, other.Actionner)
        && AreEqual(one.Continue, other.Continue)
        && AreEqual(one.IgnoreErrors, other.IgnoreErrors)
        && AreEqual(one.Parameters, other.Parameters)
        && one.AdditionalContexts.Select(context => context.Value).SequenceEqual(other.AdditionalContexts.Select(context => context.Value), StringComparer.Ordinal)
        && AreEqual(one.Output, other.Output)
        && AreEqual(one.Timeout, other.Timeout)
        && AreEqual(one.MaxAge, other.MaxAge)
        && AreEqual(one.RetryInterrupted, other.RetryInterrupted);

    private static bool AreEqual<T>(Located<T>? one, Located<T>? other)
        where T : notnull =>
        one.HasValue == other.HasValue && (one is null || EqualityComparer<T>.Default.Equals(one.Value.Value, other!.Value.Value));

    private static bool AreEqual(RawOutput? one, RawOutput? other) =>
        one is null || other is null
            ? one is null && other is null
            : AreEqual(one.Target, other.Target) && AreEqual(one.Parameters, other.Parameters);

    // Most actions of one name have their values from the same place, so that nothing of them needs to be compared.
    private static bool AreEqual(YamlNode? one, YamlNode? other) => (one, other) switch
    {
        _ when ReferenceEquals(one, other) => true,
        (YamlNode.Scalar first, YamlNode.Scalar second) => first.Kind == second.Kind && first.Text == second.Text,
        (YamlNode.Sequence first, YamlNode.Sequence second) =>
            first.Items.Length == second.Items.Length && first.Items.Zip(second.Items).All(pair => AreEqual(pair.First, pair.Second)),
        (YamlNode.Mapping first, YamlNode.Mapping second) =>
            first.Entries.Length == second.Entries.Length
            && first.Entries.Zip(second.Entries).All(pair => pair.First.Key == pair.Second.Key && AreEqual(pair.First.Value, pair.Second.Value)),
        _ => false,
    };
}
