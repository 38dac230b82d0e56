using System.Collections.Immutable;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Text;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Reading;

/// <summary>Reads the keys of one map with the types they must have, and reports what does not fit.</summary>
internal sealed class KeyReader(YamlNode.Mapping map, DiagnosticBag bag, DiagnosticScope scope)
{
    private readonly List<string> _known = [];

    public DiagnosticScope Scope { get; } = scope;

    /// <summary>A text; numbers and flags are taken as they are written.</summary>
    /// <param name="mayBeEmpty">Whether an empty value is taken as not said.</param>
    public Located<string>? Text(string key, bool mayBeEmpty = false)
    {
        if (Value(key) is not { } value)
        {
            return null;
        }

        if (value is not YamlNode.Scalar scalar)
        {
            Error(value.Mark, $"'{key}' must be a text, not {value.Describe()}");
            return null;
        }

        if (scalar.IsNull || scalar.Text.Length == 0)
        {
            if (!mayBeEmpty)
            {
                Error(value.Mark, $"'{key}' is empty", "give it a value or remove the key");
            }

            return null;
        }

        return new Located<string>(scalar.Text, scalar.Mark);
    }

    /// <summary><c>true</c> or <c>false</c>, quoted or not.</summary>
    public Located<bool>? Flag(string key)
    {
        if (Value(key) is not { } value)
        {
            return null;
        }

        if (value is YamlNode.Scalar { Text: "true" or "false" } scalar)
        {
            return new Located<bool>(scalar.Text == "true", scalar.Mark);
        }

        string found = value is YamlNode.Scalar { IsNull: false, Text: var text } ? $"'{text}'" : value.Describe();
        string? meant = value is YamlNode.Scalar { Text: var word } ? word.ToLowerInvariant() switch
        {
            "yes" or "on" or "y" or "1" or "true" => "true",
            "no" or "off" or "n" or "0" or "false" => "false",
            _ => null,
        } : null;
        Error(value.Mark, $"'{key}' must be true or false, not {found}", meant is null ? "write true or false" : $"write {meant}");
        return null;
    }

    /// <summary>A duration.</summary>
    /// <param name="longestHours">The longest allowed, in hours; null for what <see cref="DurationText"/> reads.</param>
    public Located<TimeSpan>? Duration(string key, bool mayBeZero, int? longestHours = null)
    {
        if (Value(key) is not { } value)
        {
            return null;
        }

        string written = value is YamlNode.Scalar { IsNull: false, Text: var given } ? given : "";
        var longest = longestHours is { } hours ? TimeSpan.FromHours(hours) : DurationText.Longest;
        string bound = DurationText.FormatShort(longest);
        if (DurationText.IsTooLong(written) || (DurationText.TryParse(written, out var duration) && duration > longest))
        {
            Error(value.Mark, $"'{key}' must be at most {bound}, not '{written}'", $"write {bound} or less");
            return null;
        }

        bool isNegative = written.StartsWith('-') && (DurationText.TryParse(written.AsSpan(1), out _) || DurationText.IsTooLong(written.AsSpan(1)));
        if (mayBeZero && isNegative)
        {
            Error(value.Mark, $"'{key}' must be from 0 to {bound}, not '{written}'");
            return null;
        }

        if (isNegative || DurationText.TryParse(written, out duration))
        {
            if (!isNegative && (mayBeZero || duration > TimeSpan.Zero))
            {
                return new Located<TimeSpan>(duration, value.Mark);
            }

            Error(value.Mark, $"'{key}' must be longer than zero", "remove the key for the default");
            return null;
        }

        string found = value is YamlNode.Scalar { IsNull: false, Text: var text } ? $"'{text}'" : value.Describe();
        Error(value.Mark, $"'{key}' must be a duration, not {found}", DurationText.Hint);
        return null;
    }

    /// <summary>A list of texts, none of them empty.</summary>
    /// <param name="mayBeEmpty">Whether a list without items is taken as not said.</param>
    public ImmutableArray<Located<string>> Texts(string key, bool mayBeEmpty)
    {
        var items = ImmutableArray.CreateBuilder<Located<string>>();
        foreach (var item in List(key, mayBeEmpty))
        {
            if (item is not YamlNode.Scalar scalar)
            {
                Error(item.Mark, $"an item of '{key}' must be a text, not {item.Describe()}");
            }
            else if (scalar.IsNull || string.IsNullOrWhiteSpace(scalar.Text))
            {
                Error(item.Mark, $"an item of '{key}' is empty", "write a text or remove the item");
            }
            else
            {
                items.Add(new Located<string>(scalar.Text, scalar.Mark));
            }
        }

        return items.ToImmutable();
    }

    /// <summary>A list of texts, or one text as a list of one; none of them empty.</summary>
    public ImmutableArray<Located<string>> TextOrTexts(string key)
    {
        switch (Value(key))
        {
            case YamlNode.Scalar:
                return Text(key) is { } text && !ReportBlank(key, text) ? [text] : [];
            case YamlNode.Mapping value:
                Error(value.Mark, $"'{key}' must be a text or a list of texts, not {value.Describe()}");
                return [];
            default:
                return Texts(key, mayBeEmpty: false);
        }
    }

    private bool ReportBlank(string key, Located<string> text)
    {
        bool isBlank = string.IsNullOrWhiteSpace(text.Value);
        if (isBlank)
        {
            Error(text.Mark, $"'{key}' is empty", "give it a value or remove the key");
        }

        return isBlank;
    }

    /// <summary>The items of a list; none when the key is absent.</summary>
    public ImmutableArray<YamlNode> List(string key, bool mayBeEmpty)
    {
        if (Value(key) is not { } value)
        {
            return [];
        }

        if (value is YamlNode.Sequence { Items.Length: > 0 } list)
        {
            return list.Items;
        }

        if (value is YamlNode.Sequence || value.IsNull)
        {
            if (!mayBeEmpty)
            {
                Error(value.Mark, $"'{key}' is empty", "give it at least one item or remove the key");
            }

            return [];
        }

        Error(value.Mark, $"'{key}' must be a list, not {value.Describe()}", "write a list, one '- item' a line or [item, item]");
        return [];
    }

    /// <summary>A map; null when the key is absent or says nothing.</summary>
    public YamlNode.Mapping? Map(string key)
    {
        var value = Value(key);
        if (value is null || value.IsNull)
        {
            return null;
        }

        if (value is not YamlNode.Mapping mapping)
        {
            Error(value.Mark, $"'{key}' must be a map, not {value.Describe()}", "write 'key: value' lines below it");
            return null;
        }

        return mapping;
    }

    /// <summary>Reports every key that none of the calls before asked for.</summary>
    /// <param name="place">Where the keys stand, in words.</param>
    /// <param name="reported">A key that has been reported already.</param>
    /// <param name="below">A key of this map, and the keys that stand below it: one of those may have been meant.</param>
    /// <returns>Whether there is any.</returns>
    public bool ReportUnknown(string place, string? reported = null, (string Parent, ImmutableArray<string> Keys)? below = null)
    {
        bool isAny = false;
        foreach (var entry in map.Entries)
        {
            if (entry.Key != reported && !_known.Contains(entry.Key, StringComparer.Ordinal))
            {
                string hint = Suggest.Nearest(entry.Key, _known) is { } nearest ? $"did you mean '{nearest}'?"
                    : below is { } lower && Suggest.Nearest(entry.Key, lower.Keys) is { } child ? $"did you mean '{child}' under '{lower.Parent}'?"
                    : $"known: {string.Join(", ", _known)}";
                bag.Add(bag.LenientSeverity, entry.KeyMark, Scope, $"unknown key '{entry.Key}' in {place}", hint);
                isAny = true;
            }
        }

        return isAny;
    }

    public void Error(YamlMark mark, string message, string? hint = null) => bag.Add(DiagnosticSeverity.Error, mark, Scope, message, hint);

    private YamlNode? Value(string key)
    {
        if (!_known.Contains(key, StringComparer.Ordinal))
        {
            _known.Add(key);
        }

        return map.Find(key);
    }
}
