using Talon.Rules.Matching;

namespace Talon.Host.Hosting;

/// <summary>The rule set in force. It is swapped as a whole: whoever reads it once works with one set to the end.</summary>
public interface IRuleBook
{
    /// <summary>The set in force.</summary>
    RuleSet Current { get; }
}
