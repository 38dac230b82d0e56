using System.Collections.Immutable;

namespace Talon.Actors.Clients.Calls;

/// <summary>Tells whether the outside system behind categories of actionners can be reached at all.</summary>
public interface ICategoryProbe
{
    /// <summary>The categories whose actions go to that system, for instance <c>kubernetes</c>.</summary>
    ImmutableArray<string> Categories { get; }

    /// <summary>Asks the system for a sign of life. Null when it is there, otherwise one line that says what is wrong.</summary>
    /// <param name="cancellationToken">Ends the attempt; the caller sets a deadline of its own (10 s).</param>
    Task<string?> ProbeAsync(CancellationToken cancellationToken);
}
