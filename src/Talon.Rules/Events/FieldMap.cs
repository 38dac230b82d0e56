using System.Collections;
using System.Text;
using System.Text.Json;
using Talon.Rules.Text;

namespace Talon.Rules.Events;

/// <summary>
/// The output fields of an event, by name. Names are unique (of two with the same name the last stands) and compared
/// ordinally. Values stay where they are in the body until they are asked for.
/// </summary>
public sealed class FieldMap : IReadOnlyCollection<KeyValuePair<string, FieldValue>>
{
    /// <summary>Up to this many fields a scan over the hashes is the fastest look-up; beyond, a keyed hash table bounds its cost.</summary>
    internal const int LargestScanned = 64;

    private readonly ReadOnlyMemory<byte> _source;
    private readonly int[] _hashes;
    private readonly Entry[] _entries;
    private readonly Dictionary<string, int>? _index;

    internal FieldMap(ReadOnlyMemory<byte> source, int[] hashes, Entry[] entries, Dictionary<string, int>? index)
    {
        _source = source;
        _hashes = hashes;
        _entries = entries;
        _index = index;
    }

    /// <summary>No fields.</summary>
    public static FieldMap Empty { get; } = new(default, [], [], null);

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <summary>The value of a field. False when the event has no field of that name; it may be one that says nothing: <see cref="FieldValue.IsSet"/>.</summary>
    public bool TryGet(string name, out FieldValue value)
    {
        int position = Find(name, _index is null ? NamePool.Hash(name) : 0);
        value = position < 0 ? default : ValueAt(position);
        return position >= 0;
    }

    /// <summary>The text of a string or number; null when the field is missing or of another kind.</summary>
    public string? GetText(string name) => TryGet(name, out var value) ? value.Text : null;

    /// <summary>The text of a string or number that says anything (<see cref="FieldValue.IsSet"/>); else null.</summary>
    public string? GetSetText(string name) => TryGet(name, out var value) && value.IsSet ? value.Text : null;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, FieldValue>> GetEnumerator()
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            yield return new KeyValuePair<string, FieldValue>(_entries[i].Name, ValueAt(i));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The position of a field, or -1.</summary>
    internal int Find(string name, int hash)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(name, out int found) ? found : -1;
        }

        int from = 0;
        while (true)
        {
            int position = _hashes.AsSpan(from).IndexOf(hash);
            if (position < 0)
            {
                return -1;
            }

            position += from;
            if (_entries[position].Name == name)
            {
                return position;
            }

            from = position + 1;
        }
    }

    /// <summary>
    /// Whether the text of the field at a position equals the given one. Numbers compare by their literal, flags as
    /// <c>true</c> and <c>false</c>, objects and arrays as compact JSON; null equals nothing.
    /// </summary>
    internal bool TextEquals(int position, string text, ReadOnlySpan<byte> utf8Text)
    {
        ref var entry = ref _entries[position];
        return entry.Kind switch
        {
            FieldKind.Null => false,
            FieldKind.Json => ValueAt(position).Literal == text,
            _ when entry.Slice.IsEscaped => ValueAt(position).Literal == text,
            _ => entry.Slice.Length == utf8Text.Length && entry.Slice.Of(_source).SequenceEqual(utf8Text),
        };
    }

    /// <summary>
    /// The text of the field at a position as UTF-8, without decoding it. False where only <see cref="ValueAt"/> has the
    /// text: of escaped strings, objects and arrays, and of null, which has none.
    /// </summary>
    internal bool TryGetUtf8(int position, out ReadOnlySpan<byte> utf8)
    {
        ref var entry = ref _entries[position];
        bool isPlain = entry.Kind is not (FieldKind.Null or FieldKind.Json) && !entry.Slice.IsEscaped;
        utf8 = isPlain ? entry.Slice.Of(_source) : default;
        return isPlain;
    }

    internal string NameAt(int position) => _entries[position].Name;

    internal FieldKind KindAt(int position) => _entries[position].Kind;

    /// <summary>The JSON at a position, without the quotes of a string.</summary>
    internal ReadOnlySpan<byte> JsonAt(int position) => _entries[position].Slice.Of(_source);

    /// <summary>Whether the value at a position says anything.</summary>
    internal bool IsSetAt(int position) => TryGetUtf8(position, out var utf8) ? SetValues.IsSet(utf8) : ValueAt(position).IsSet;

    /// <summary>
    /// Writes the value at a position so that it is the same however it was sent: strings with the fewest escapes, objects with
    /// sorted names and of two members of one name the later. Numbers keep their literal.
    /// </summary>
    internal void WriteCanonical(int position, Utf8JsonWriter writer)
    {
        ref var entry = ref _entries[position];
        switch (entry.Kind)
        {
            case FieldKind.Text when entry.Slice.IsEscaped:
                writer.WriteStringValue(ValueAt(position).Literal);
                break;
            case FieldKind.Text:
                writer.WriteStringValue(entry.Slice.Of(_source));
                break;
            default:
                JsonCopy.Write(entry.Slice.Of(_source), writer, sortNames: true);
                break;
        }
    }

    internal FieldValue ValueAt(int position)
    {
        ref var entry = ref _entries[position];
        // Two threads may both decode: they write the same text.
        entry.Literal ??= entry.Kind switch
        {
            FieldKind.Null => "",
            FieldKind.Json => JsonCopy.Compact(entry.Slice.Of(_source)),
            FieldKind.Text => entry.Slice.Decode(_source),
            _ => Encoding.UTF8.GetString(entry.Slice.Of(_source)),
        };
        return new FieldValue(entry.Kind, entry.Literal);
    }

    /// <summary>The same fields over another copy of the same body.</summary>
    internal FieldMap Over(ReadOnlyMemory<byte> source) => new(source, _hashes, [.. _entries], _index);

    internal struct Entry
    {
        public string Name;
        public JsonSlice Slice;
        public FieldKind Kind;
        public string? Literal;
    }
}
