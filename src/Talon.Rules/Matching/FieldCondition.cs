using System.Text;
using Talon.Rules.Json;

namespace Talon.Rules.Matching;

/// <summary>One comparison of an output field: <c>key=value</c> or <c>key!=value</c>. A missing or null field is unequal to everything.</summary>
internal sealed class FieldCondition
{
    private readonly int _hash;
    private readonly int _slot;
    private readonly byte[] _utf8Value;

    public FieldCondition(string key, bool isEqual, string value, MatchKeys keys)
    {
        Key = key;
        IsEqual = isEqual;
        Value = value;
        _slot = keys.FieldSlot(key);
        _hash = NamePool.Hash(key);
        _utf8Value = Encoding.UTF8.GetBytes(value);
    }

    public string Key { get; }

    public bool IsEqual { get; }

    public string Value { get; }

    public bool Holds(in EventView view)
    {
        int position = view.FieldPosition(_slot, Key, _hash);
        return (position >= 0 && view.Event.OutputFields.TextEquals(position, Value, _utf8Value)) == IsEqual;
    }

    public override string ToString() => $"{Key}{(IsEqual ? "=" : "!=")}{Value}";
}
