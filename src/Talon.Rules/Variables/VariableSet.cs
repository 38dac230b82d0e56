using System.Collections.Frozen;
using System.Collections.Immutable;
using Talon.Rules.Events;
using Talon.Rules.Text;

namespace Talon.Rules.Variables;

/// <summary>
/// The variables of one action: made of its event and its context, of nothing else, and seen by nobody else. The environment
/// of the process is neither read nor written. Immutable. Names are compared ordinally.
/// </summary>
public sealed class VariableSet
{
    private readonly FrozenDictionary<string, Variable> _variables;
    private readonly HashSet<string> _withoutValue;

    private VariableSet(Dictionary<string, Variable> variables, HashSet<string> withoutValue)
    {
        _variables = variables.ToFrozenDictionary(StringComparer.Ordinal);
        _withoutValue = withoutValue;
    }

    /// <summary>The names that are set, sorted ordinally.</summary>
    public ImmutableArray<string> Names => [.. _variables.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// The variables of an event and a context. An output field <c>proc.aname[2]</c> is <c>PROC_ANAME_2</c>; a key of the
    /// context has only its dots replaced; <c>PRIORITY</c>, <c>HOSTNAME</c>, <c>RULE</c>, <c>SOURCE</c> and <c>TAGS</c> (joined
    /// by commas) are those of the event and win over fields of the same name. A number is its literal text, an object or array
    /// compact JSON. What says nothing (<see cref="FieldValue.IsSet"/>) sets no variable. Of two fields that make the same name
    /// the later one stands, also when it says nothing.
    /// </summary>
    public static VariableSet Of(FalcoEvent falcoEvent, IEnumerable<KeyValuePair<string, string>> context)
    {
        var variables = new Dictionary<string, Variable>(StringComparer.Ordinal);
        var unset = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in falcoEvent.OutputFields)
        {
            Set(VariableName.OfField(key), value.Literal, VariableOrigin.Event, value.IsSet);
        }

        foreach (var (key, value) in context)
        {
            Set(VariableName.OfContextKey(key), value, VariableOrigin.Context, SetValues.IsSet(value));
        }

        SetMember("PRIORITY", falcoEvent.PriorityText);
        SetMember("HOSTNAME", falcoEvent.Hostname);
        SetMember("RULE", falcoEvent.Rule);
        SetMember("SOURCE", falcoEvent.Source);
        SetMember("TAGS", string.Join(',', falcoEvent.Tags));
        return new VariableSet(variables, unset);

        void SetMember(string name, string value) => Set(name, value, VariableOrigin.Event, SetValues.IsSet(value));

        void Set(string name, string value, VariableOrigin origin, bool isSet)
        {
            if (isSet)
            {
                variables[name] = new Variable(name, value, origin);
                unset.Remove(name);
            }
            else
            {
                variables.Remove(name);
                unset.Add(name);
            }
        }
    }

    /// <summary>The variable of that name. False when the event and the context set none.</summary>
    public bool TryGet(string name, out Variable variable) => _variables.TryGetValue(name, out variable);

    /// <summary>Whether the event or the context has something of that name, but it says nothing.</summary>
    public bool IsWithoutValue(string name) => _withoutValue.Contains(name);
}
