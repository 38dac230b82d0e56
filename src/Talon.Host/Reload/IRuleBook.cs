using Talon.Rules.Matching;

namespace Talon.Host.Reload;

/// <summary>The rule set in force. It is swapped as a whole: a caller that reads it once works with one set to the end.</summary>
internal interface IRuleBook
{
    /// <summary>The set in force.</summary>
    RuleSet Current { get; }

    /// <summary>The set in force with where it comes from, and whether the files have another one by now that cannot be used.</summary>
    RuleBookStatus Status { get; }
}
