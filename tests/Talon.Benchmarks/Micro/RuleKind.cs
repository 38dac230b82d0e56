namespace Talon.Benchmarks.Micro;

/// <summary>What the rules of a benchmark are like.</summary>
public enum RuleKind
{
    /// <summary>They name Falco rules: the index finds them.</summary>
    Named = 0,

    /// <summary>They name none: each is looked at.</summary>
    Unnamed = 1,
}
