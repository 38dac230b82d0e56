namespace Talon.Rules.Catalog;

/// <summary>What an actionner does with the <c>output</c> of its action block.</summary>
public enum OutputUse
{
    /// <summary>It makes no artifact: an output is an error.</summary>
    None = 0,

    /// <summary>It makes an artifact that may go to an output.</summary>
    Allowed = 1,

    /// <summary>It makes an artifact that must go to an output.</summary>
    Required = 2,
}
