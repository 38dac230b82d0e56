namespace Talon.Rules.Variables;

/// <summary>A piece of an expanded text.</summary>
/// <param name="Variable">The variable it is the value of; null for text of the rule's author.</param>
public readonly record struct ExpandedPiece(string Text, VariableOrigin Origin, string? Variable);
