using System.Collections.Immutable;

namespace Talon.Actors.Actionners.Commands.Shell;

/// <summary>How reading a text for a shell ended: a closed set.</summary>
internal abstract record ShellReading
{
    private ShellReading()
    {
    }

    /// <summary>Every value of the event can be kept apart from the text.</summary>
    /// <param name="Text">The text, with the variables of <see cref="ShellText.VariableOf"/> where values were named.</param>
    /// <param name="Names">The names of the values, in the order of those variables.</param>
    public sealed record Done(string Text, ImmutableArray<string> Names) : ShellReading;

    /// <summary>It cannot be run.</summary>
    /// <param name="Problem">Why, and what would be right; completes <c>the text for the shell: </c>.</param>
    public sealed record Refused(string Problem) : ShellReading;
}
