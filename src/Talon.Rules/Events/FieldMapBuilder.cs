using System.Buffers;
using Talon.Rules.Text;

namespace Talon.Rules.Events;

/// <summary>Collects output fields in pooled arrays and makes a map of their exact size.</summary>
internal ref struct FieldMapBuilder(int maxFields)
{
    private FieldMap.Entry[] _entries = ArrayPool<FieldMap.Entry>.Shared.Rent(FieldMap.LargestScanned);
    private int[] _hashes = ArrayPool<int>.Shared.Rent(FieldMap.LargestScanned);
    private Dictionary<string, int>? _index;
    private int _count;
    private ulong _seen;

    /// <summary>Adds a field, or replaces the one of the same name. False when there are too many.</summary>
    public bool TryAdd(string name, int hash, FieldKind kind, JsonSlice slice)
    {
        int position = PositionOf(name, hash);
        if (position < 0)
        {
            if (_count >= maxFields)
            {
                return false;
            }

            position = Append(name, hash);
        }

        _entries[position].Kind = kind;
        _entries[position].Slice = slice;
        return true;
    }

    public readonly FieldMap Build(ReadOnlyMemory<byte> source) => _count == 0
        ? FieldMap.Empty
        : new FieldMap(source, _hashes.AsSpan(0, _count).ToArray(), _entries.AsSpan(0, _count).ToArray(), _index);

    /// <summary>Gives the pooled arrays back.</summary>
    public readonly void Dispose()
    {
        _entries.AsSpan(0, _count).Clear();
        ArrayPool<FieldMap.Entry>.Shared.Return(_entries);
        ArrayPool<int>.Shared.Return(_hashes);
    }

    private int PositionOf(string name, int hash)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(name, out int found) ? found : -1;
        }

        // One bit per hash tells most new names from known ones without a scan.
        ulong bit = 1UL << (hash & 63);
        if ((_seen & bit) == 0)
        {
            _seen |= bit;
            return -1;
        }

        for (int i = 0; i < _count; i++)
        {
            if (_hashes[i] == hash && _entries[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    private int Append(string name, int hash)
    {
        if (_count == _entries.Length)
        {
            Grow(ref _entries, _count);
        }

        if (_count == _hashes.Length)
        {
            Grow(ref _hashes, _count);
        }

        _entries[_count] = new FieldMap.Entry { Name = name };
        _hashes[_count] = hash;
        _index?.Add(name, _count);
        _count++;
        if (_index is null && _count > FieldMap.LargestScanned)
        {
            _index = new Dictionary<string, int>(_count * 2, StringComparer.Ordinal);
            for (int i = 0; i < _count; i++)
            {
                _index.Add(_entries[i].Name, i);
            }
        }

        return _count - 1;
    }

    private static void Grow<T>(ref T[] array, int count)
    {
        var larger = ArrayPool<T>.Shared.Rent(count * 2);
        array.AsSpan(0, count).CopyTo(larger);
        array.AsSpan(0, count).Clear();
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
