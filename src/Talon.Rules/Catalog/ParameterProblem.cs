namespace Talon.Rules.Catalog;

/// <summary>Something wrong with a parameter.</summary>
/// <param name="Name">The parameter as written; null when the problem concerns all of them together or one that is missing.</param>
/// <param name="Part">The index in a list or the key in a map that is at fault; null when the whole value is.</param>
/// <param name="Hint">How to correct it; null when the message says so.</param>
public sealed record ParameterProblem(
    string? Name, string? Part, string Message, string? Hint = null, bool IsUnknownName = false, bool IsMissing = false);
