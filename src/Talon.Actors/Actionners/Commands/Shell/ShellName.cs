namespace Talon.Actors.Actionners.Commands.Shell;

/// <summary>What a name after a <c>$</c> in the text for a shell stands for.</summary>
internal enum ShellName
{
    /// <summary>A variable of the shell or of the container; Talon leaves it alone.</summary>
    Own = 0,

    /// <summary>A value of the event or its context.</summary>
    Data = 1,

    /// <summary>Meant for the event, which does not set it.</summary>
    Unset = 2,
}
