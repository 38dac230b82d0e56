namespace Talon.Rules.Variables;

/// <summary>What came of expanding a template: a closed set.</summary>
public abstract record Expansion
{
    private Expansion()
    {
    }

    /// <summary>All variables are filled in.</summary>
    /// <param name="Text">The text.</param>
    public sealed record Done(ExpandedText Text) : Expansion;

    /// <summary>It cannot be expanded.</summary>
    /// <param name="Message">Why, and what would be right.</param>
    public sealed record Refused(string Message) : Expansion;
}
