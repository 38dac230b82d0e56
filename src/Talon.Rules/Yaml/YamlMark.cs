namespace Talon.Rules.Yaml;

/// <summary>A place in a file.</summary>
/// <param name="File">The path, as it was given to the reader.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
public readonly record struct YamlMark(string File, int Line, int Column)
{
    /// <summary><c>FILE:LINE:COLUMN</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
