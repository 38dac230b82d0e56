using System.Collections.Immutable;

namespace Talon.Host.Configuration;

/// <summary>One key of the configuration: its name, what would be right for it, and how it goes into the options.</summary>
internal sealed class ConfigKey
{
    private readonly Func<TalonOptions, ImmutableArray<string>, TalonOptions?> _apply;

    private ConfigKey(string name, string expected, bool isList, bool isSecret, Func<TalonOptions, ImmutableArray<string>, TalonOptions?> apply)
    {
        Name = name;
        Expected = expected;
        IsList = isList;
        IsSecret = isSecret;
        _apply = apply;
    }

    /// <summary>The key, levels joined by dots.</summary>
    public string Name { get; }

    /// <summary>The environment variable that overrides it.</summary>
    public string Environment => EnvironmentName(Name);

    /// <summary>What would be right, to follow "must be".</summary>
    public string Expected { get; }

    /// <summary>Whether it takes a list.</summary>
    public bool IsList { get; }

    /// <summary>Whether its value must not be shown.</summary>
    public bool IsSecret { get; }

    /// <summary>The variable of a key: upper case, dots become underscores.</summary>
    public static string EnvironmentName(string key) => key.ToUpperInvariant().Replace('.', '_');

    /// <summary>A key with one value.</summary>
    /// <param name="parse">Reads the text; null when it is wrong.</param>
    public static ConfigKey Value<T>(string name, string expected, Func<string, T?> parse, Func<TalonOptions, T, TalonOptions> set)
        where T : struct =>
        new(name, expected, isList: false, isSecret: false, (options, texts) => parse(texts[0]) is { } value ? set(options, value) : null);

    /// <summary>A key with any text.</summary>
    /// <param name="set">Puts it into the options; null when it is wrong.</param>
    /// <param name="isSecret">Whether its value must not be shown.</param>
    public static ConfigKey Text(string name, string expected, Func<TalonOptions, string, TalonOptions?> set, bool isSecret = false) =>
        new(name, expected, isList: false, isSecret, (options, texts) => set(options, texts[0]));

    /// <summary>A key with a list of texts.</summary>
    /// <param name="set">Puts them into the options; null when they are wrong.</param>
    public static ConfigKey List(string name, string expected, Func<TalonOptions, ImmutableArray<string>, TalonOptions?> set) =>
        new(name, expected, isList: true, isSecret: false, set);

    /// <summary>The options with this key set; null when the value is wrong.</summary>
    /// <param name="texts">One text, or those of the list.</param>
    public TalonOptions? Apply(TalonOptions options, ImmutableArray<string> texts) => _apply(options, texts);
}
