using System.Text;
using Talon.Rules.Events;
using Talon.Rules.Json;

namespace Talon.Rules.Matching;

/// <summary>One comparison of an output field: <c>key=value</c> or <c>key!=value</c>. A missing or null field is unequal to everything.</summary>
internal sealed class FieldCondition
{
    private readonly int _hash;
    private readonly byte[] _utf8Value;

    public FieldCondition(string key, bool isEqual, string value)
    {
        Key = key;
        IsEqual = isEqual;
        Value = value;
        _hash = NamePool.Hash(key);
        _utf8Value = Encoding.UTF8.GetBytes(value);
    }

    public string Key { get; }

    public bool IsEqual { get; }

    public string Value { get; }

    public bool Holds(FalcoEvent falcoEvent)
    {
        int position = falcoEvent.OutputFields.Find(Key, _hash);
        return (position >= 0 && falcoEvent.OutputFields.TextEquals(position, Value, _utf8Value)) == IsEqual;
    }

    public override string ToString() => $"{Key}{(IsEqual ? "=" : "!=")}{Value}";
}
