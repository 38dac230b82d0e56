using System.Globalization;

namespace Talon.Rules.Catalog;

/// <summary>The whole numbers that a parameter takes. Both bounds belong to them, and a refusal names both.</summary>
/// <param name="Unit">What is counted, for messages. Empty, the default, for a bare number.</param>
public sealed record WholeRange(long Least, long Most, string Unit = "")
{
    /// <summary>What else to do than to write another number, for messages. Empty, the default, when there is nothing.</summary>
    public string Advice { get; init; } = "";

    /// <summary>Whether 0 is taken too although it lies outside, as not given: so the original has it. Default false.</summary>
    public bool AllowsZero { get; init; }

    /// <summary>What is expected, to follow "must be".</summary>
    public string Expected => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Unit.Length == 0 ? "a whole number " : "")}from {Least} to {Most}{(Unit.Length == 0 ? "" : $" {Unit}")}{(Advice.Length == 0 ? "" : $"; {Advice}")}");

    /// <summary>Whether a number is taken.</summary>
    public bool Contains(long number) => (number >= Least && number <= Most) || (AllowsZero && number == 0);
}
