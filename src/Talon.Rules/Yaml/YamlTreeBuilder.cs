using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Talon.Rules.Yaml;

/// <summary>Builds the nodes of one file from the parser's events.</summary>
internal sealed class YamlTreeBuilder(string file, IParser parser, YamlLimits limits, ImmutableArray<YamlProblem>.Builder problems)
{
    private const string MergeKey = "<<";
    private readonly Dictionary<AnchorName, YamlNode> _anchors = [];
    private long _nodes;

    /// <summary>The next document. Anchors are its own; what the file may cost is shared by all its documents.</summary>
    public YamlNode ReadDocument()
    {
        _anchors.Clear();
        return ReadNode(depth: 1);
    }

    private YamlNode ReadNode(int depth)
    {
        var mark = MarkOf(parser.Current!);
        if (depth > limits.MaxDepth)
        {
            throw new YamlLimitException(new YamlProblem(mark, $"nested deeper than {limits.MaxDepth} levels"));
        }

        Count(mark, 1);
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Resolve(alias, mark, depth);
        }

        if (parser.Current is not NodeEvent start)
        {
            // The parser leaves out the empty key or value of '? :'.
            return new YamlNode.Scalar(mark, "", YamlScalarKind.Null);
        }

        CheckTag(start, mark);
        YamlNode node = start switch
        {
            Scalar => ReadScalar(mark),
            SequenceStart => ReadSequence(mark, depth),
            _ => ReadMapping(mark, depth),
        };
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = node;
        }

        return node;
    }

    private YamlNode Resolve(AnchorAlias alias, YamlMark mark, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value, out var target))
        {
            // The name is not told, here and of tags: where quotes were forgotten it is the rest of a value, which may be secret.
            problems.Add(new YamlProblem(mark, "an alias ('*…') has no anchor before it", "put the value in quotes if it begins with *"));
            return new YamlNode.Scalar(mark, "", YamlScalarKind.Null);
        }

        Count(mark, target.Size);
        if (depth + DepthOf(target) > limits.MaxDepth + 1)
        {
            throw new YamlLimitException(new YamlProblem(mark, $"nested deeper than {limits.MaxDepth} levels"));
        }

        return target;
    }

    private YamlNode.Scalar ReadScalar(YamlMark mark)
    {
        var scalar = parser.Consume<Scalar>();
        bool isText = scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific);
        return new YamlNode.Scalar(mark, scalar.Value, isText ? YamlScalarKind.Text : YamlScalars.KindOf(scalar.Value));
    }

    private YamlNode.Sequence ReadSequence(YamlMark mark, int depth)
    {
        parser.Consume<SequenceStart>();
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new YamlNode.Sequence(mark, items.ToImmutable());
    }

    private YamlNode.Mapping ReadMapping(YamlMark mark, int depth)
    {
        parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, YamlMark>(StringComparer.Ordinal);
        YamlNode? merged = null;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            bool isMerge = parser.Current is Scalar { Style: ScalarStyle.Plain, Value: MergeKey };
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (isMerge && merged is not null)
            {
                problems.Add(new YamlProblem(key.Mark, $"duplicate key '{MergeKey}'", $"write {MergeKey}: [*a, *b]"));
            }
            else if (isMerge)
            {
                merged = value;
            }
            else if (key is not YamlNode.Scalar scalar)
            {
                problems.Add(new YamlProblem(key.Mark, $"a key must be a text, not {key.Describe()}"));
            }
            else if (seen.TryGetValue(scalar.Text, out var first))
            {
                problems.Add(new YamlProblem(key.Mark, $"duplicate key '{scalar.Text}'", $"it stands already at {first.Line}:{first.Column}: keep one of them"));
            }
            else
            {
                seen.Add(scalar.Text, key.Mark);
                entries.Add(new YamlEntry(scalar.Text, key.Mark, value));
            }
        }

        if (merged is not null)
        {
            Merge(merged, entries, seen);
        }

        return new YamlNode.Mapping(mark, [.. entries]);
    }

    // What the map itself says wins over what is merged in, an earlier merged map over a later one.
    private void Merge(YamlNode value, List<YamlEntry> entries, Dictionary<string, YamlMark> seen)
    {
        switch (value)
        {
            case YamlNode.Mapping map:
                entries.AddRange(map.Entries.Where(entry => seen.TryAdd(entry.Key, entry.KeyMark)));
                break;
            case YamlNode.Sequence sequence when sequence.Items.All(item => item is YamlNode.Mapping):
                foreach (var item in sequence.Items)
                {
                    Merge(item, entries, seen);
                }

                break;
            default:
                problems.Add(new YamlProblem(value.Mark, $"'<<' merges maps, not {value.Describe()}"));
                break;
        }
    }

    private void CheckTag(NodeEvent node, YamlMark mark)
    {
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific && node.Tag.Value != "tag:yaml.org,2002:str")
        {
            problems.Add(new YamlProblem(mark, "a tag ('!…') is not supported", "remove it, or put the value in quotes if it begins with !"));
        }
    }

    private void Count(YamlMark mark, int nodes)
    {
        _nodes += nodes;
        if (_nodes > limits.MaxNodes)
        {
            throw new YamlLimitException(new YamlProblem(mark, $"more than {limits.MaxNodes} values, aliases counted with all they stand for"));
        }
    }

    // The walk costs no more than the size that was counted just before.
    private static int DepthOf(YamlNode node) => node switch
    {
        YamlNode.Sequence { Items.Length: > 0 } list => 1 + list.Items.Max(DepthOf),
        YamlNode.Mapping { Entries.Length: > 0 } map => 1 + map.Entries.Max(entry => DepthOf(entry.Value)),
        _ => 1,
    };

    private YamlMark MarkOf(ParsingEvent parsingEvent) => new(file, (int)parsingEvent.Start.Line, (int)parsingEvent.Start.Column);
}
