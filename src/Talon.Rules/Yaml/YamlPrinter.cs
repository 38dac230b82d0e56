using System.Buffers;
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Talon.Rules.Yaml;

/// <summary>Writes YAML that <see cref="YamlDocument"/> reads back as the same values: what would change its type without quotes is quoted.</summary>
internal sealed class YamlPrinter
{
    // What other readers of YAML take for a flag, a null or a merge key.
    private static readonly string[] Ambiguous = ["y", "n", "yes", "no", "on", "off", "=", "<<"];

    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-+/()!=<>~^$;");

    private readonly StringWriter _text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
    private readonly Emitter _emitter;

    public YamlPrinter()
    {
        _emitter = new Emitter(_text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        _emitter.Emit(new StreamStart());
        _emitter.Emit(new DocumentStart(null, null, isImplicit: true));
    }

    /// <summary>Ends the document and gives its text.</summary>
    public string End()
    {
        _emitter.Emit(new DocumentEnd(isImplicit: true));
        _emitter.Emit(new StreamEnd());
        return _text.ToString();
    }

    public void BeginList() => _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));

    public void EndList() => _emitter.Emit(new SequenceEnd());

    public void BeginMap() => _emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));

    public void EndMap() => _emitter.Emit(new MappingEnd());

    /// <summary>A text, as a key, an item or a value.</summary>
    public void Text(string text)
    {
        var style = IsPlain(text) ? ScalarStyle.Plain
            : IsBlock(text) ? ScalarStyle.Literal
            : ScalarStyle.DoubleQuoted;
        Scalar(text, style);
    }

    public void Flag(bool value) => Plain(value ? "true" : "false");

    /// <summary>A text that needs no quotes wherever it stands.</summary>
    public void Plain(string text) => Scalar(text, ScalarStyle.Plain);

    /// <summary>A value as it was read.</summary>
    public void Node(YamlNode node)
    {
        switch (node)
        {
            case YamlNode.Sequence list:
                BeginList();
                foreach (var item in list.Items)
                {
                    Node(item);
                }

                EndList();
                break;
            case YamlNode.Mapping map:
                BeginMap();
                foreach (var entry in map.Entries)
                {
                    Text(entry.Key);
                    Node(entry.Value);
                }

                EndMap();
                break;
            case YamlNode.Scalar { Kind: YamlScalarKind.Text } text:
                Text(text.Text);
                break;
            case YamlNode.Scalar { Kind: YamlScalarKind.Null }:
                Plain("null");
                break;
            case YamlNode.Scalar scalar:
                Plain(scalar.Text);
                break;
        }
    }

    private static bool IsPlain(string text) =>
        text.Length > 0
        && YamlScalars.KindOf(text) == YamlScalarKind.Text
        && !text.AsSpan().ContainsAnyExcept(PlainCharacters)
        && char.IsAsciiLetter(text[0])
        && text[^1] != ' '
        && !Ambiguous.Contains(text, StringComparer.OrdinalIgnoreCase);

    // A script of several lines is readable only as a block; a block cannot hold everything.
    private static bool IsBlock(string text) =>
        text.Contains('\n', StringComparison.Ordinal)
        && text[0] is not (' ' or '\n')
        && !text.Any(character => char.IsControl(character) && character != '\n')
        && text.All(character => character is < '\u007f' or '\n')
        && !text.Split('\n').Any(line => line.EndsWith(' '));

    private void Scalar(string text, ScalarStyle style) => _emitter.Emit(new YamlDotNet.Core.Events.Scalar(
        AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: style == ScalarStyle.Plain, isQuotedImplicit: style != ScalarStyle.Plain));
}
