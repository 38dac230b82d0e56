using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Talon.Rules.Text;

namespace Talon.Rules.Events;

/// <summary>
/// Reads the JSON that Falco and Falcosidekick send, in one pass. Keys are matched in any case, of a repeated key the last
/// stands, unknown keys are skipped, text after the object is ignored. What the sender put into <c>context</c> and
/// <c>trace_id</c> is dropped: they are Talon's own.
/// </summary>
public static class FalcoEventParser
{
    /// <summary>Reads one event. Never throws, whatever the bytes are.</summary>
    /// <param name="utf8">The body. It must not change while the event is in use (see <see cref="FalcoEvent.Detach"/>).</param>
    /// <param name="limits">What the event may cost; null for <see cref="EventLimits.Default"/>.</param>
    public static ParsedEvent Parse(ReadOnlyMemory<byte> utf8, EventLimits? limits = null)
    {
        limits ??= EventLimits.Default;
        if (!Utf8.IsValid(utf8.Span))
        {
            utf8 = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8.Span));
        }

        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = limits.MaxDepth });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return ParsedEvent.Refused("the body is JSON, but not an object");
            }

            var parts = new EventParts { Raw = utf8 };
            return ReadObject(ref reader, ref parts, limits) is { } error
                ? ParsedEvent.Refused(error)
                : ParsedEvent.Of(new FalcoEvent(parts));
        }
        catch (JsonException e)
        {
            // A start token is itself counted one level up.
            int depth = reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? 1 : 0);
            return ParsedEvent.Refused(depth >= limits.MaxDepth
                ? $"the body is nested deeper than {limits.MaxDepth} levels"
                : $"the body is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})");
        }
    }

    private static string? ReadObject(ref Utf8JsonReader reader, ref EventParts parts, EventLimits limits)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = KeyOf(ref reader);
            reader.Read();
            if (ReadMember(ref reader, key, ref parts, limits) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static EventKeyword KeyOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped)
        {
            return EventKeywords.Find(Encoding.UTF8.GetBytes(JsonText.Decode(reader.ValueSpan, isEscaped: true)));
        }

        return EventKeywords.Find(reader.ValueSpan);
    }

    private static string? ReadMember(ref Utf8JsonReader reader, EventKeyword key, ref EventParts parts, EventLimits limits)
    {
        switch (key)
        {
            case EventKeyword.Output:
                return ReadText(ref reader, "output", ref parts.Output);
            case EventKeyword.Hostname:
                return ReadText(ref reader, "hostname", ref parts.Hostname);
            case EventKeyword.Rule:
                return ReadName(ref reader, "rule", ref parts.Rule);
            case EventKeyword.Source:
                string? error = ReadName(ref reader, "source", ref parts.Source);
                parts.Source = parts.Source.Length == 0 ? "syscall" : parts.Source;
                return error;
            case EventKeyword.Priority:
                return ReadPriority(ref reader, ref parts);
            case EventKeyword.Time:
                return ReadTime(ref reader, ref parts);
            case EventKeyword.OutputFields:
                return ReadFields(ref reader, ref parts, limits);
            case EventKeyword.Tags:
                return ReadTags(ref reader, ref parts, limits);
            case EventKeyword.Uuid when reader.TokenType == JsonTokenType.String:
                parts.Uuid = StringSlice(ref reader);
                return null;
            default:
                reader.Skip();
                return null;
        }
    }

    private static string? ReadText(ref Utf8JsonReader reader, string key, ref JsonSlice slice)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            slice = StringSlice(ref reader);
            return null;
        }

        return WrongType(ref reader, key, "a string");
    }

    private static string? ReadName(ref Utf8JsonReader reader, string key, ref string name)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            name = NamePool.Get(reader.ValueSpan, reader.ValueIsEscaped);
            return null;
        }

        return WrongType(ref reader, key, "a string");
    }

    private static string? ReadPriority(ref Utf8JsonReader reader, ref EventParts parts)
    {
        if (ReadText(ref reader, "priority", ref parts.PriorityText) is { } error)
        {
            return error;
        }

        parts.Priority = PriorityName.Parse(NamePool.Get(parts.PriorityText.Of(parts.Raw), parts.PriorityText.IsEscaped));
        return null;
    }

    private static string? ReadTime(ref Utf8JsonReader reader, ref EventParts parts)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return WrongType(ref reader, "time", "an RFC 3339 time stamp");
        }

        var slice = StringSlice(ref reader);
        var text = slice.IsEscaped ? Encoding.UTF8.GetBytes(slice.Decode(parts.Raw)) : slice.Of(parts.Raw);
        if (!Rfc3339.TryParse(text, out var time))
        {
            return "'time' is not an RFC 3339 time stamp";
        }

        parts.TimeText = slice;
        parts.Time = time.UtcTicks == 0 ? null : time;
        return null;
    }

    private static string? ReadTags(ref Utf8JsonReader reader, ref EventParts parts, EventLimits limits)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return WrongType(ref reader, "tags", "a list");
        }

        int start = (int)reader.TokenStartIndex;
        int count = 0;
        var tags = ImmutableArray.CreateBuilder<string>(8);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (++count > limits.MaxTags)
            {
                return $"more than {limits.MaxTags} tags";
            }

            if (reader.TokenType == JsonTokenType.String)
            {
                tags.Add(NamePool.Get(reader.ValueSpan, reader.ValueIsEscaped));
            }
            else
            {
                reader.Skip();
            }
        }

        parts.RawTags = new JsonSlice(start, (int)reader.BytesConsumed - start, IsEscaped: false);
        parts.Tags = tags.DrainToImmutable();
        return null;
    }

    private static string? ReadFields(ref Utf8JsonReader reader, ref EventParts parts, EventLimits limits)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return WrongType(ref reader, "output_fields", "an object");
        }

        var builder = new FieldMapBuilder(limits.MaxFields);
        try
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                string name;
                int hash;
                if (reader.ValueIsEscaped)
                {
                    name = JsonText.Decode(reader.ValueSpan, isEscaped: true);
                    hash = NamePool.Hash(name);
                }
                else
                {
                    hash = NamePool.Hash(reader.ValueSpan);
                    name = NamePool.Get(reader.ValueSpan, hash);
                }

                reader.Read();
                if (!builder.TryAdd(name, hash, KindOf(reader.TokenType), ValueSlice(ref reader)))
                {
                    return $"more than {limits.MaxFields} output fields";
                }
            }

            parts.Fields = builder.Build(parts.Raw);
            parts.HasFields = true;
            return null;
        }
        finally
        {
            builder.Dispose();
        }
    }

    private static FieldKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.String => FieldKind.Text,
        JsonTokenType.Number => FieldKind.Number,
        JsonTokenType.True or JsonTokenType.False => FieldKind.Flag,
        JsonTokenType.Null => FieldKind.Null,
        _ => FieldKind.Json,
    };

    private static JsonSlice ValueSlice(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return StringSlice(ref reader);
        }

        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new JsonSlice(start, (int)reader.BytesConsumed - start, IsEscaped: false);
    }

    private static JsonSlice StringSlice(ref Utf8JsonReader reader) =>
        new((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, reader.ValueIsEscaped);

    // A null stands for "not given", as in the original.
    private static string? WrongType(ref Utf8JsonReader reader, string key, string expected)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        string found = reader.TokenType switch
        {
            JsonTokenType.String => "a string",
            JsonTokenType.Number => "a number",
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            _ => "true or false",
        };
        return $"'{key}' must be {expected}, not {found}";
    }
}
