namespace Talon.Host.Logging;

/// <summary>How log lines look on standard output.</summary>
public enum LogFormat
{
    /// <summary>A console line with ANSI colours, unless <c>NO_COLOR</c> is set. The default.</summary>
    Color = 0,

    /// <summary>A console line without colours.</summary>
    Text = 1,

    /// <summary>One JSON object a line.</summary>
    Json = 2,
}
