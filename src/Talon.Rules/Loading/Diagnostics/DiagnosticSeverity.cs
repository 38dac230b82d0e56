namespace Talon.Rules.Loading.Diagnostics;

/// <summary>How bad a finding is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>Worth a look; the rules load.</summary>
    Warning = 0,

    /// <summary>The rules do not load.</summary>
    Error = 1,
}
