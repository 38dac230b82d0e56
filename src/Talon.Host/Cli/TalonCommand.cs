using System.CommandLine;

namespace Talon.Host.Cli;

/// <summary>A command with a summary for the list of its parent, and details and examples for its own help.</summary>
internal sealed class TalonCommand(string name, string summary, string details = "") : Command(name, summary)
{
    /// <summary>Makes the help of this command tell the details too.</summary>
    public void PrintDetails()
    {
        if (details.Length > 0)
        {
            Description += "\n" + details;
        }
    }
}
