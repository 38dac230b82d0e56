using Talon.Actors.Telemetry;
using Talon.Rules.Matching;

namespace Talon.Host.Hosting;

/// <summary>Holds the rule set in force and tells its size to the metrics.</summary>
internal sealed class RuleBook : IRuleBook
{
    private readonly TalonMeters _meters;
    private volatile RuleSet _current;

    public RuleBook(RuleSet first, TalonMeters meters)
    {
        _meters = meters;
        _current = first;
        meters.RulesLoaded(first.Rules.Length);
    }

    /// <inheritdoc/>
    public RuleSet Current => _current;

    /// <summary>Puts another set in force.</summary>
    /// <param name="next">The set.</param>
    public void Swap(RuleSet next)
    {
        _current = next;
        _meters.RulesLoaded(next.Rules.Length);
    }
}
