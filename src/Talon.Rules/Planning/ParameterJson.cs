using System.Text.Json;
using Talon.Rules.Catalog;

namespace Talon.Rules.Planning;

/// <summary>Writes parameters as JSON: typed, so that they are read back as they were, or plain, as people and functions expect them.</summary>
internal sealed class ParameterJson
{
    private readonly Action<Utf8JsonWriter>? _beginList;
    private readonly Action<Utf8JsonWriter, string> _real;

    private ParameterJson(Action<Utf8JsonWriter>? beginList, Action<Utf8JsonWriter, string> real)
    {
        _beginList = beginList;
        _real = real;
    }

    /// <summary>Lists begin with the text <c>list</c>; numbers that are not whole are lists of <c>real</c> and their literal.</summary>
    public static ParameterJson Typed { get; } = new(
        writer => writer.WriteStringValue("list"),
        (writer, literal) =>
        {
            writer.WriteStartArray();
            writer.WriteStringValue("real");
            writer.WriteStringValue(literal);
            writer.WriteEndArray();
        });

    /// <summary>Lists are lists and numbers numbers; what is a number only in YAML (<c>.inf</c>) is a text.</summary>
    public static ParameterJson Plain { get; } = new(null, WriteReal);

    public void Write(Utf8JsonWriter writer, ParameterMap map)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in map)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private void Write(Utf8JsonWriter writer, ParameterValue value)
    {
        switch (value)
        {
            case ParameterValue.Text text:
                writer.WriteStringValue(text.Value);
                break;
            case ParameterValue.Whole whole:
                writer.WriteNumberValue(whole.Value);
                break;
            case ParameterValue.Flag flag:
                writer.WriteBooleanValue(flag.Value);
                break;
            case ParameterValue.Map map:
                Write(writer, map.Entries);
                break;
            case ParameterValue.Real real:
                _real(writer, real.Literal);
                break;
            case ParameterValue.List list:
                writer.WriteStartArray();
                _beginList?.Invoke(writer);
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    // YAML has numbers that JSON has not: .5, +1.5, .inf.
    private static void WriteReal(Utf8JsonWriter writer, string literal)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(literal));
        try
        {
            if (reader.Read() && reader.TokenType == JsonTokenType.Number && reader.BytesConsumed == literal.Length && !reader.Read())
            {
                writer.WriteRawValue(literal, skipInputValidation: true);
                return;
            }
        }
        catch (JsonException)
        {
            // No number of JSON's.
        }

        writer.WriteStringValue(literal);
    }
}
