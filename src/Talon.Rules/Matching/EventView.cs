using Talon.Rules.Events;

namespace Talon.Rules.Matching;

/// <summary>An event as the conditions of one rule set see it during one match: what was looked up once is remembered.</summary>
internal readonly ref struct EventView
{
    private const int Missing = 1;
    private const int FirstPosition = 2;
    private readonly Span<int> _fields;
    private readonly Span<int> _tags;

    /// <param name="memory">Zeroed room for every field and tag slot of the rule set.</param>
    /// <param name="fieldCount">How many of them are for fields.</param>
    public EventView(FalcoEvent falcoEvent, Span<int> memory, int fieldCount)
    {
        Event = falcoEvent;
        _fields = memory[..fieldCount];
        _tags = memory[fieldCount..];
    }

    public FalcoEvent Event { get; }

    /// <summary>The position of a field in the event; negative when it is missing.</summary>
    public int FieldPosition(int slot, string name, int hash)
    {
        ref int known = ref _fields[slot];
        if (known == 0)
        {
            int position = Event.OutputFields.Find(name, hash);
            known = position < 0 ? Missing : position + FirstPosition;
        }

        return known - FirstPosition;
    }

    /// <summary>Whether the event carries a tag.</summary>
    public bool HasTag(int slot, string tag)
    {
        ref int known = ref _tags[slot];
        if (known == 0)
        {
            known = Event.Tags.AsSpan().Contains(tag) ? FirstPosition : Missing;
        }

        return known != Missing;
    }
}
