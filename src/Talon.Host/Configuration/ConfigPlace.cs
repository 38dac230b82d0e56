using Talon.Rules.Yaml;

namespace Talon.Host.Configuration;

/// <summary>Where a value comes from.</summary>
/// <param name="Text">For people: <c>FILE:LINE:COLUMN</c>, or the name of the environment variable.</param>
/// <param name="Line">The line, from 1; 0 when it is not in a file.</param>
/// <param name="Column">The column, from 1; 0 when it is not in a file.</param>
internal readonly record struct ConfigPlace(string Text, int Line, int Column)
{
    /// <summary>No place in particular.</summary>
    public static ConfigPlace None { get; } = new("configuration", int.MaxValue, 0);

    /// <summary>A place in a file.</summary>
    public static ConfigPlace Of(YamlMark mark) => new(mark.ToString(), mark.Line, mark.Column);

    /// <summary>An environment variable; told after the places of the file.</summary>
    public static ConfigPlace OfVariable(string name) => new($"environment variable {name}", int.MaxValue, 0);

    public override string ToString() => Text;
}
