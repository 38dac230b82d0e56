namespace Talon.Rules.Variables;

/// <summary>A variable and where its value comes from.</summary>
/// <param name="Value">The value; never empty.</param>
public readonly record struct Variable(string Name, string Value, VariableOrigin Origin);
