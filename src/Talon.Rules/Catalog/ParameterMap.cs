using System.Collections;
using System.Collections.Immutable;

namespace Talon.Rules.Catalog;

/// <summary>Parameters by name. Immutable, equal by content, ordered by name. Names are compared ordinally.</summary>
public sealed class ParameterMap : IEquatable<ParameterMap>, IReadOnlyCollection<KeyValuePair<string, ParameterValue>>
{
    private readonly ImmutableSortedDictionary<string, ParameterValue> _values;

    private ParameterMap(ImmutableSortedDictionary<string, ParameterValue> values)
    {
        _values = values;
    }

    /// <summary>No parameters.</summary>
    public static ParameterMap Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, ParameterValue>(StringComparer.Ordinal));

    /// <summary>The names, sorted ordinally.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <inheritdoc/>
    public int Count => _values.Count;

    /// <summary>A map of these values; of two with the same name the last stands.</summary>
    public static ParameterMap From(IEnumerable<KeyValuePair<string, ParameterValue>> values)
    {
        var builder = ImmutableSortedDictionary.CreateBuilder<string, ParameterValue>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            builder[name] = value;
        }

        return builder.Count == 0 ? Empty : new ParameterMap(builder.ToImmutable());
    }

    /// <summary>The map with one value set or replaced.</summary>
    public ParameterMap With(string name, ParameterValue value) => new(_values.SetItem(name, value));

    /// <summary>The value of a name. False when the name is absent.</summary>
    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ParameterValue? value) =>
        _values.TryGetValue(name, out value);

    /// <summary>A text; null when absent or not a text.</summary>
    public string? GetText(string name) => TryGet(name, out var value) && value is ParameterValue.Text text ? text.Value : null;

    /// <summary>A whole number; null when absent or not a whole number.</summary>
    public long? GetWhole(string name) => TryGet(name, out var value) && value is ParameterValue.Whole whole ? whole.Value : null;

    /// <summary>A flag; null when absent or not a flag.</summary>
    public bool? GetFlag(string name) => TryGet(name, out var value) && value is ParameterValue.Flag flag ? flag.Value : null;

    /// <summary>The texts of a list in order; empty when absent or not a list. Items that are not texts are left out.</summary>
    public ImmutableArray<string> GetTexts(string name) => TryGet(name, out var value) && value is ParameterValue.List list
        ? [.. list.Items.OfType<ParameterValue.Text>().Select(text => text.Value)]
        : [];

    /// <summary>
    /// A map of texts; empty when absent or not a map. An entry without a value is null; entries that are neither are left out.
    /// </summary>
    public ImmutableSortedDictionary<string, string?> GetTextMap(string name)
    {
        var result = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        if (TryGet(name, out var value) && value is ParameterValue.Map map)
        {
            foreach (var (key, entry) in map.Entries)
            {
                if (entry is ParameterValue.Text or ParameterValue.Nothing)
                {
                    result[key] = (entry as ParameterValue.Text)?.Value;
                }
            }
        }

        return result.ToImmutable();
    }

    /// <inheritdoc/>
    public bool Equals(ParameterMap? other) => other is not null && _values.SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParameterMap);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var (name, value) in _values)
        {
            hash.Add(name, StringComparer.Ordinal);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, ParameterValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
