using System.Collections.Immutable;

namespace Talon.Rules.Yaml;

/// <summary>A value in a YAML file and where it stands: a closed set. Aliases share the node they stand for.</summary>
public abstract class YamlNode
{
    private YamlNode(YamlMark mark, int size)
    {
        Mark = mark;
        Size = size;
    }

    /// <summary>Where it begins.</summary>
    public YamlMark Mark { get; }

    /// <summary>The number of values in it, itself included, aliases counted with all they stand for.</summary>
    internal int Size { get; }

    /// <summary>Whether it is a scalar that says nothing (empty, <c>~</c> or <c>null</c>).</summary>
    public bool IsNull => this is Scalar { Kind: YamlScalarKind.Null };

    /// <summary>What it is, in words for a message: <c>a list</c>, <c>a number</c>.</summary>
    public string Describe() => this switch
    {
        Sequence => "a list",
        Mapping => "a map",
        Scalar { Kind: YamlScalarKind.Null } => "nothing",
        Scalar { Kind: YamlScalarKind.Flag } => "true or false",
        Scalar { Kind: YamlScalarKind.Whole or YamlScalarKind.Real } => "a number",
        _ => "a text",
    };

    /// <summary>A text, number, flag or nothing.</summary>
    public sealed class Scalar : YamlNode
    {
        /// <summary>Makes a scalar.</summary>
        public Scalar(YamlMark mark, string text, YamlScalarKind kind)
            : base(mark, 1)
        {
            Text = text;
            Kind = kind;
        }

        /// <summary>Its text as written, without quotes.</summary>
        public string Text { get; }

        /// <summary>What it means.</summary>
        public YamlScalarKind Kind { get; }
    }

    /// <summary>A list.</summary>
    public sealed class Sequence : YamlNode
    {
        /// <summary>Makes a list.</summary>
        public Sequence(YamlMark mark, ImmutableArray<YamlNode> items)
            : base(mark, 1 + items.Sum(item => item.Size)) => Items = items;

        /// <summary>Its items.</summary>
        public ImmutableArray<YamlNode> Items { get; }
    }

    /// <summary>A map. Keys are unique scalars.</summary>
    public sealed class Mapping : YamlNode
    {
        // A map up to this size is searched faster than indexed.
        private const int SmallMap = 16;

        private Dictionary<string, YamlEntry>? _byKey;

        /// <summary>Makes a map.</summary>
        public Mapping(YamlMark mark, ImmutableArray<YamlEntry> entries)
            : base(mark, 1 + entries.Sum(entry => entry.Value.Size)) => Entries = entries;

        /// <summary>Its entries in the order of the file.</summary>
        public ImmutableArray<YamlEntry> Entries { get; }

        /// <summary>The value of a key, compared ordinally; null when it is not there.</summary>
        public YamlNode? Find(string key) => FindEntry(key)?.Value;

        /// <summary>The entry of a key, compared ordinally; null when it is not there.</summary>
        internal YamlEntry? FindEntry(string key)
        {
            if (Entries.Length > SmallMap)
            {
                return (_byKey ??= Index(Entries)).GetValueOrDefault(key);
            }

            foreach (var entry in Entries)
            {
                if (entry.Key == key)
                {
                    return entry;
                }
            }

            return null;
        }

        private static Dictionary<string, YamlEntry> Index(ImmutableArray<YamlEntry> entries) => entries
            .DistinctBy(entry => entry.Key, StringComparer.Ordinal)
            .ToDictionary(entry => entry.Key, StringComparer.Ordinal);
    }
}
