using System.Globalization;

namespace Talon.Rules.Catalog;

/// <summary>The whole numbers that a parameter takes, bounds included. What is outside is told with both bounds.</summary>
/// <param name="Least">The least.</param>
/// <param name="Most">The most.</param>
/// <param name="Unit">What is counted, for messages. Empty, the default, for a bare number.</param>
public sealed record WholeRange(long Least, long Most, string Unit = "")
{
    /// <summary>What would be right beside another number, for messages. Empty, the default, when nothing is.</summary>
    public string Advice { get; init; } = "";

    /// <summary>Whether 0 is taken too although it lies outside, as not given: so the original has it. Default false.</summary>
    public bool AllowsZero { get; init; }

    /// <summary>What would be right, to follow "must be".</summary>
    public string Expected => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Unit.Length == 0 ? "a whole number " : "")}from {Least} to {Most}{(Unit.Length == 0 ? "" : $" {Unit}")}{(Advice.Length == 0 ? "" : $"; {Advice}")}");

    /// <summary>Whether a number is taken.</summary>
    /// <param name="number">The number.</param>
    public bool Contains(long number) => (number >= Least && number <= Most) || (AllowsZero && number == 0);
}
