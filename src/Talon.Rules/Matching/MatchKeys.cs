namespace Talon.Rules.Matching;

/// <summary>
/// Numbers the field names and tags that the conditions of one rule set ask for, so that an event is searched for each of
/// them once and not once per rule. Filled while rules are compiled, only read afterwards.
/// </summary>
internal sealed class MatchKeys
{
    private readonly Dictionary<string, int> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tags = new(StringComparer.Ordinal);

    public int FieldCount => _fields.Count;

    public int TagCount => _tags.Count;

    public int FieldSlot(string name) => Slot(_fields, name);

    public int TagSlot(string tag) => Slot(_tags, tag);

    private static int Slot(Dictionary<string, int> slots, string name)
    {
        if (!slots.TryGetValue(name, out int slot))
        {
            slot = slots.Count;
            slots.Add(name, slot);
        }

        return slot;
    }
}
