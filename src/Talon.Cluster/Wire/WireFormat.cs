using System.Buffers;
using System.Text.Json;

namespace Talon.Cluster.Wire;

/// <summary>One row of <see cref="WireFormats"/>: the manifest of a type, and how its bytes are written and read.</summary>
/// <param name="Manifest">Stored beside the bytes; part of the data.</param>
/// <param name="Type">The type, or the base of several that share the format.</param>
/// <param name="Write">Writes a value of the type.</param>
/// <param name="Read">Reads one back; throws when the bytes are damaged.</param>
internal sealed record WireFormat(string Manifest, Type Type, Func<object, byte[]> Write, Func<byte[], object> Read)
{
    /// <summary>A format of its own, for what holds an event's body verbatim or is large.</summary>
    public static WireFormat Framed<T>(string manifest, Func<T, byte[]> write, Func<byte[], T> read)
        where T : class =>
        new(manifest, typeof(T), value => write((T)value), read);

    /// <summary>A small JSON object; the row writes and reads what stands between the braces.</summary>
    public static WireFormat Json<T>(string manifest, Action<Utf8JsonWriter, T> write, Func<JsonElement, T> read)
        where T : class =>
        new(manifest, typeof(T), value => WriteJson((T)value, write), bytes => ReadJson(bytes, read));

    /// <summary>A message that says everything by its kind: no bytes.</summary>
    public static WireFormat Empty<T>(string manifest, T instance)
        where T : class =>
        new(manifest, typeof(T), _ => [], _ => instance);

    private static byte[] WriteJson<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json, value);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static T ReadJson<T>(byte[] bytes, Func<JsonElement, T> read)
    {
        using var document = JsonDocument.Parse(bytes);
        return read(document.RootElement);
    }
}
