namespace Talon.Rules.Variables;

/// <summary>A part of a template: a closed set.</summary>
public abstract record TemplatePart
{
    private TemplatePart()
    {
    }

    /// <summary>Text that stays as it is.</summary>
    public sealed record Literal(string Text) : TemplatePart;

    /// <summary>A variable.</summary>
    /// <param name="Name">Its name, <c>FD_NAME</c>.</param>
    /// <param name="Written">How it stands in the text, <c>${FD_NAME}</c> or <c>$FD_NAME</c>.</param>
    public sealed record Reference(string Name, string Written) : TemplatePart;
}
