namespace Talon.Rules.Loading.Diagnostics;

/// <summary>The rule and action that a finding is in.</summary>
internal readonly record struct DiagnosticScope(string? Rule, string? Action);
