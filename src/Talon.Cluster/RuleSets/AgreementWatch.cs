using System.Collections.Immutable;

namespace Talon.Cluster.RuleSets;

/// <summary>Decides when it is worth reporting that the rules of the nodes differ, or agree again. No actors and no clock: times are monotonic and come from outside.</summary>
internal sealed class AgreementWatch
{
    /// <summary>For how long nodes may differ: a change of rules reaches the nodes one after the other.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private TimeSpan? _since;
    private bool _said;

    /// <summary>Compares the rules of all nodes.</summary>
    /// <returns>What to report; null for nothing.</returns>
    public RuleAgreement? Compare(ImmutableArray<NodeRules> rules, TimeSpan now)
    {
        if (rules.Select(one => one.Hash).Distinct(StringComparer.Ordinal).Count() <= 1)
        {
            bool said = _said;
            _since = null;
            _said = false;
            return said && rules.Length > 0 ? new RuleAgreement.Agrees(rules[0].Hash) : null;
        }

        _since ??= now;
        if (_said || now - _since < Patience)
        {
            return null;
        }

        _said = true;
        return new RuleAgreement.Differs(rules);
    }
}
