using System.Collections.Immutable;

namespace Talon.Host.Configuration;

/// <summary>Gathers everything that is wrong.</summary>
internal sealed class ConfigErrorList
{
    private readonly List<(ConfigPlace Place, string Message)> _errors = [];

    /// <summary>Whether all is right so far.</summary>
    public bool IsEmpty => _errors.Count == 0;

    /// <param name="message">What is wrong and how to correct it.</param>
    public void Add(ConfigPlace place, string message) => _errors.Add((place, message));

    /// <summary>One line each, in the order of the file; those of the environment last.</summary>
    public ImmutableArray<string> ToLines() =>
        [.. _errors.OrderBy(error => error.Place.Line).ThenBy(error => error.Place.Column).Select(error => $"{error.Place}: {error.Message}")];
}
