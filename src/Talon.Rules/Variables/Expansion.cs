namespace Talon.Rules.Variables;

/// <summary>The result of expanding a template: a closed set.</summary>
public abstract record Expansion
{
    private Expansion()
    {
    }

    /// <summary>All variables are filled in.</summary>
    public sealed record Done(ExpandedText Text) : Expansion;

    /// <summary>It cannot be expanded.</summary>
    /// <param name="Message">Why, and how to correct it.</param>
    public sealed record Refused(string Message) : Expansion;
}
