using System.Collections.Immutable;
using Talon.Actors.Pipeline.Sinks;
using Talon.Rules.Matching;

namespace Talon.Host.Reload;

/// <summary>Holds the rule set in force and updates the metrics about it. Only one thread at a time may write.</summary>
internal sealed class RuleBook : IRuleBook
{
    private readonly TalonMeters _meters;
    private readonly TimeProvider _time;
    private volatile RuleBookStatus _status;
    private Action? _swapped;

    public RuleBook(RuleSet first, TalonMeters meters, TimeProvider time)
    {
        _meters = meters;
        _time = time;
        _status = new RuleBookStatus(first, time.GetUtcNow(), Failure: null);
        meters.RulesLoaded(first.Rules.Length, _status.LoadedAt);
    }

    public RuleSet Current => _status.Rules;

    public RuleBookStatus Status => _status;

    /// <summary>Calls back whenever another set comes into force, on the thread that swapped.</summary>
    /// <param name="told">Must neither block nor throw.</param>
    public void OnSwap(Action told) => _swapped += told;

    /// <summary>Puts another set in force.</summary>
    public void Swap(RuleSet next)
    {
        _status = new RuleBookStatus(next, _time.GetUtcNow(), Failure: null);
        _meters.RulesLoaded(next.Rules.Length, _status.LoadedAt);
        _meters.RulesReloaded(successful: true);
        _swapped?.Invoke();
    }

    /// <summary>The files cannot be used: the set in force stays.</summary>
    public void Keep(ImmutableArray<string> errors)
    {
        _status = _status with { Failure = new ReloadFailure(_time.GetUtcNow(), errors) };
        _meters.RulesReloaded(successful: false);
    }

    /// <summary>The files hold the set in force again.</summary>
    public void Recover()
    {
        _status = _status with { Failure = null };
        _meters.RulesLoaded(_status.Rules.Rules.Length, _time.GetUtcNow());
        _meters.RulesReloaded(successful: true);
    }
}
