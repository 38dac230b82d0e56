using System.Collections.Immutable;
using Talon.Actors.Clients.Calls;
using Talon.Host.Reload;

namespace Talon.Host.Composition;

/// <summary>
/// A probe that only asks while an action of the rules in force goes to its system: a Talon that has nothing to do there neither calls it nor is
/// degraded without it.
/// </summary>
internal sealed class ProbeInUse(ICategoryProbe probe, IRuleBook book) : ICategoryProbe
{
    public ImmutableArray<string> Categories => probe.Categories;

    public Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        bool used = book.Current.Rules.Any(rule => rule.Plan.Actions.Any(action => Categories.Contains(action.Actionner.Category, StringComparer.Ordinal)));
        return used ? probe.ProbeAsync(cancellationToken) : Task.FromResult<string?>(null);
    }
}
