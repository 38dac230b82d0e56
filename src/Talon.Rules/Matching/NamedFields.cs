using System.Collections.Immutable;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Rules.Matching;

/// <summary>Finds the volatile fields that a rule names: they count for the identity of the events that it matches.</summary>
internal static class NamedFields
{
    /// <summary>Those that conditions test, also under <c>not</c>.</summary>
    public static VolatileSet In(ImmutableArray<IEventCondition> conditions)
    {
        var named = default(VolatileSet);
        foreach (var condition in conditions)
        {
            named = named.Union(condition switch
            {
                NotCondition not => In(not.Block),
                FieldListCondition fields => In(fields.Lines),
                _ => default,
            });
        }

        return named;
    }

    /// <summary>
    /// Those whose variables stand in the parameters of an action or its output. A parameter that names a file with such a text, which
    /// is read when the action runs, counts as naming every number of a process.
    /// </summary>
    public static VolatileSet In(PlannedAction action, ActionnerDescriptor descriptor)
    {
        var named = In(action.Parameters);
        if (action.Output is { } output)
        {
            named = named.Union(In(output.Parameters));
        }

        return descriptor.Parameters.Specs.Any(spec => spec.IsTextFile && action.Parameters.GetText(spec.Name) is { Length: > 0 })
            ? named.Union(VolatileFields.Processes)
            : named;
    }

    private static VolatileSet In(ImmutableArray<ImmutableArray<FieldCondition>> lines)
    {
        var named = default(VolatileSet);
        foreach (var condition in lines.SelectMany(line => line))
        {
            int index = VolatileFields.IndexOf(condition.Key);
            named = index < 0 ? named : named.With(index);
        }

        return named;
    }

    private static VolatileSet In(ParameterMap parameters) =>
        parameters.Aggregate(default(VolatileSet), (named, parameter) => named.Union(VolatileFields.NamedIn(parameter.Key)).Union(In(parameter.Value)));

    private static VolatileSet In(ParameterValue value) => value switch
    {
        ParameterValue.Text text => VolatileFields.NamedIn(text.Value),
        ParameterValue.List list => list.Items.Aggregate(default(VolatileSet), (named, item) => named.Union(In(item))),
        ParameterValue.Map map => In(map.Entries),
        _ => default,
    };
}
