namespace Talon.Rules.Yaml;

/// <summary>Ends the reading of a file that is too deep or too large; never leaves the reader.</summary>
internal sealed class YamlLimitException(YamlProblem problem) : Exception(problem.Message)
{
    public YamlProblem Problem { get; } = problem;
}
