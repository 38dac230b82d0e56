namespace Talon.Rules.Variables;

/// <summary>A variable and where its value comes from.</summary>
/// <param name="Name">The name, for instance <c>FD_NAME</c>.</param>
/// <param name="Value">The value; never empty.</param>
/// <param name="Origin">Who has shaped the value.</param>
public readonly record struct Variable(string Name, string Value, VariableOrigin Origin);
