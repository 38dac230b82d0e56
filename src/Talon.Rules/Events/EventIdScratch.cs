using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Talon.Rules.Text;

namespace Talon.Rules.Events;

/// <summary>The buffer for the bytes whose hash is the id of an event. One per thread, used again.</summary>
internal sealed class EventIdScratch
{
    // What an unusually large event needed is not kept.
    private const int LargestKept = 64 * 1024;

    [ThreadStatic]
    private static EventIdScratch? _kept;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _writer;

    // The JSON has a buffer of its own: its length comes before it.
    private readonly ArrayBufferWriter<byte> _json = new(4096);
    private string[] _names = new string[FieldMap.LargestScanned];
    private int[] _positions = new int[FieldMap.LargestScanned];

    private EventIdScratch() => _writer = JsonCopy.CompactWriter(_json);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Empty memory; <see cref="Return"/> gives it back.</summary>
    public static EventIdScratch Rent()
    {
        var scratch = _kept ?? new EventIdScratch();
        _kept = null;
        return scratch;
    }

    public void Return()
    {
        _buffer.ResetWrittenCount();
        _json.ResetWrittenCount();
        if (_buffer.Capacity <= LargestKept && _json.Capacity <= LargestKept && _names.Length <= LargestKept / sizeof(long))
        {
            _kept = this;
        }
    }

    /// <summary>Adds the length of a text, then the text.</summary>
    public void Add(string text)
    {
        var room = _buffer.GetSpan(sizeof(int) + Encoding.UTF8.GetMaxByteCount(text.Length));
        int written = Encoding.UTF8.GetBytes(text, room[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(room, written);
        _buffer.Advance(sizeof(int) + written);
    }

    /// <summary>Adds the length of the fields as canonical JSON, then that JSON, without the volatile ones that are not named.</summary>
    public void Add(FieldMap fields, VolatileSet named)
    {
        int count = Choose(fields, named);
        _names.AsSpan(0, count).Sort(_positions.AsSpan(0, count), StringComparer.Ordinal);
        _writer.Reset(_json);
        _writer.WriteStartObject();
        foreach (int position in _positions.AsSpan(0, count))
        {
            _writer.WritePropertyName(fields.NameAt(position));
            fields.WriteCanonical(position, _writer);
        }

        _writer.WriteEndObject();
        _writer.Flush();
        _names.AsSpan(0, count).Clear();
        var room = _buffer.GetSpan(sizeof(int) + _json.WrittenCount);
        BinaryPrimitives.WriteInt32BigEndian(room, _json.WrittenCount);
        _json.WrittenSpan.CopyTo(room[sizeof(int)..]);
        _buffer.Advance(sizeof(int) + _json.WrittenCount);
    }

    private int Choose(FieldMap fields, VolatileSet named)
    {
        if (fields.Count > _names.Length)
        {
            _names = new string[fields.Count];
            _positions = new int[fields.Count];
        }

        int count = 0;
        for (int i = 0; i < fields.Count; i++)
        {
            string name = fields.NameAt(i);
            int pattern = VolatileFields.IndexOf(name);
            if (pattern < 0 || named.Contains(pattern))
            {
                _names[count] = name;
                _positions[count++] = i;
            }
        }

        return count;
    }
}
