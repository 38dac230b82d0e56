using System.Collections.Frozen;
using System.Collections.Immutable;
using Talon.Rules.Events;

namespace Talon.Rules.Variables;

/// <summary>
/// The variables of one action: made of its event and its context, of nothing else, and seen by nobody else. The environment
/// of the process is neither read nor written. Immutable. Names are compared ordinally.
/// </summary>
public sealed class VariableSet
{
    private readonly FrozenDictionary<string, Variable> _variables;

    private VariableSet(Dictionary<string, Variable> variables)
    {
        _variables = variables.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The names, sorted ordinally.</summary>
    public ImmutableArray<string> Names => [.. _variables.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// The variables of an event and a context. An output field <c>proc.aname[2]</c> is <c>PROC_ANAME_2</c>; a key of the
    /// context has only its dots replaced; <c>PRIORITY</c>, <c>HOSTNAME</c>, <c>RULE</c>, <c>SOURCE</c> and <c>TAGS</c> (joined
    /// by commas) are those of the event and win over fields of the same name. Null is empty, a number its literal text, an
    /// object or array compact JSON. Of two fields that make the same name the later one stands.
    /// </summary>
    /// <param name="falcoEvent">The event.</param>
    /// <param name="context">The context collected for the action.</param>
    public static VariableSet Of(FalcoEvent falcoEvent, IEnumerable<KeyValuePair<string, string>> context)
    {
        ArgumentNullException.ThrowIfNull(falcoEvent);
        ArgumentNullException.ThrowIfNull(context);
        var variables = new Dictionary<string, Variable>(StringComparer.Ordinal);
        foreach (var (key, value) in falcoEvent.OutputFields)
        {
            Set(NameOfField(key), value.Literal, VariableOrigin.Event);
        }

        foreach (var (key, value) in context)
        {
            Set(NameOfContextKey(key), value, VariableOrigin.Context);
        }

        Set("PRIORITY", falcoEvent.PriorityText, VariableOrigin.Event);
        Set("HOSTNAME", falcoEvent.Hostname, VariableOrigin.Event);
        Set("RULE", falcoEvent.Rule, VariableOrigin.Event);
        Set("SOURCE", falcoEvent.Source, VariableOrigin.Event);
        Set("TAGS", string.Join(',', falcoEvent.Tags), VariableOrigin.Event);
        return new VariableSet(variables);

        void Set(string name, string value, VariableOrigin origin) => variables[name] = new Variable(name, value, origin);
    }

    /// <summary>The variable of that name. False when the event and the context set none; an empty value is a value.</summary>
    /// <param name="name">The name.</param>
    /// <param name="variable">The variable.</param>
    public bool TryGet(string name, out Variable variable) => _variables.TryGetValue(name, out variable);

    /// <summary>The name of the variable that an output field sets: upper case, <c>.</c> and <c>[</c> as <c>_</c>, <c>]</c> left out.</summary>
    /// <param name="key">The name of the field.</param>
    public static string NameOfField(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.ToUpperInvariant().Replace('.', '_').Replace('[', '_').Replace("]", "", StringComparison.Ordinal);
    }

    /// <summary>The name of the variable that a key of the context sets: upper case, <c>.</c> as <c>_</c>; hyphens and brackets stay.</summary>
    /// <param name="key">The key.</param>
    public static string NameOfContextKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.ToUpperInvariant().Replace('.', '_');
    }
}
