namespace Talon.Rules.Catalog;

/// <summary>Something wrong with a parameter.</summary>
/// <param name="Name">The parameter as written; null when the problem concerns all of them together or one that is missing.</param>
/// <param name="Part">The index in a list or the key in a map that is at fault; null when the whole value is.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What would be right; null when the message says it.</param>
/// <param name="IsUnknownName">Whether there is no parameter of that name.</param>
/// <param name="IsMissing">Whether it is about a required parameter that is not given.</param>
public sealed record ParameterProblem(
    string? Name, string? Part, string Message, string? Hint = null, bool IsUnknownName = false, bool IsMissing = false);
