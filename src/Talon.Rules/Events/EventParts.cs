using System.Collections.Immutable;
using Talon.Rules.Text;

namespace Talon.Rules.Events;

/// <summary>What the parser found, before the event is made of it.</summary>
internal record struct EventParts
{
    public EventParts()
    {
    }

    public ReadOnlyMemory<byte> Raw;
    public JsonSlice Output;
    public JsonSlice PriorityText;
    public JsonSlice Hostname;
    public JsonSlice? TimeText;
    public JsonSlice? Uuid;
    public JsonSlice? RawTags;
    public DateTimeOffset? Time;
    public Priority Priority;
    public string Rule = "";
    public string Source = "syscall";
    public FieldMap Fields = FieldMap.Empty;
    public bool HasFields;
    public ImmutableArray<string> Tags = [];
}
