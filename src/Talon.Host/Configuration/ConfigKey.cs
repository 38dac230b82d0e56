using System.Collections.Immutable;

namespace Talon.Host.Configuration;

/// <summary>One key of the configuration: its name, what it takes, its place in the options, and what the documentation says of it.</summary>
internal sealed class ConfigKey
{
    private readonly Func<TalonOptions, ImmutableArray<string>, TalonOptions?> _apply;
    private readonly Func<TalonOptions, ImmutableArray<string>> _show;

    private ConfigKey(
        string name,
        string expected,
        string meaning,
        Func<TalonOptions, ImmutableArray<string>> show,
        Func<TalonOptions, ImmutableArray<string>, TalonOptions?> apply)
    {
        Name = name;
        Expected = expected;
        Meaning = meaning;
        _show = show;
        _apply = apply;
    }

    /// <summary>The key, levels joined by dots.</summary>
    public string Name { get; }

    /// <summary>The environment variable that overrides it.</summary>
    public string Environment => EnvironmentName(Name);

    /// <summary>What is expected, to follow "must be".</summary>
    public string Expected { get; }

    /// <summary>What it does, one line of Markdown for the documentation.</summary>
    public string Meaning { get; }

    /// <summary>What holds when it is not given, in words; null when its value in new options says so.</summary>
    public string? DefaultText { get; private init; }

    /// <summary>Whether it takes a list.</summary>
    public bool IsList { get; private init; }

    /// <summary>Whether its value must not be shown.</summary>
    public bool IsSecret { get; private init; }

    /// <summary>What holds when it is not given, as Markdown for the documentation.</summary>
    public string DocumentedDefault
    {
        get
        {
            var values = _show(new TalonOptions());
            return DefaultText ?? (values.IsEmpty ? "none" : string.Join(", ", values.Select(value => $"`{value}`")));
        }
    }

    /// <summary>The variable of a key: upper case, dots become underscores.</summary>
    public static string EnvironmentName(string key) => key.ToUpperInvariant().Replace('.', '_');

    /// <summary>A key with one value.</summary>
    /// <param name="parse">Reads the text; null when it is wrong.</param>
    /// <param name="show">Writes the value so that <paramref name="parse"/> reads it again.</param>
    public static ConfigKey Value<T>(
        string name,
        string expected,
        string meaning,
        Func<string, T?> parse,
        Func<T, string> show,
        Func<TalonOptions, T> get,
        Func<TalonOptions, T, TalonOptions> set)
        where T : struct => new(
            name,
            expected,
            meaning,
            options => [show(get(options))],
            (options, texts) => parse(texts[0]) is { } value ? set(options, value) : null);

    /// <summary>A key with any text.</summary>
    /// <param name="get">Takes it out of the options; null and empty are no value.</param>
    /// <param name="set">Puts it into the options; null when it is wrong.</param>
    /// <param name="defaultText">What holds when it is not given, where that is no fixed value.</param>
    public static ConfigKey Text(
        string name,
        string expected,
        string meaning,
        Func<TalonOptions, string?> get,
        Func<TalonOptions, string, TalonOptions?> set,
        bool isSecret = false,
        string? defaultText = null) =>
        new(name, expected, meaning, options => get(options) is { Length: > 0 } text ? [text] : [], (options, texts) => set(options, texts[0]))
        {
            IsSecret = isSecret,
            DefaultText = defaultText,
        };

    /// <summary>A key with a list of texts.</summary>
    /// <param name="set">Puts them into the options; null when they are wrong.</param>
    public static ConfigKey List(
        string name,
        string expected,
        string meaning,
        Func<TalonOptions, ImmutableArray<string>> get,
        Func<TalonOptions, ImmutableArray<string>, TalonOptions?> set) => new(name, expected, meaning, get, set) { IsList = true };

    /// <summary>The options with this key set; null when the value is wrong.</summary>
    /// <param name="texts">One text, or those of the list.</param>
    public TalonOptions? Apply(TalonOptions options, ImmutableArray<string> texts) => _apply(options, texts);

    /// <summary>The values that <see cref="Apply"/> would take for the same options; none when there is no value. Secrets are shown.</summary>
    public ImmutableArray<string> Show(TalonOptions options) => _show(options);

    /// <summary>The key and its value for people; a secret only as being there.</summary>
    public string Print(TalonOptions options)
    {
        var values = _show(options);
        return $"{Name} = {(IsSecret && !values.IsEmpty ? "(secret)" : string.Join(", ", values))}";
    }
}
