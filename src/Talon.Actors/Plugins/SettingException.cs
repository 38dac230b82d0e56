namespace Talon.Actors.Plugins;

/// <summary>A setting names something that cannot be used, found out only when it is used at the start. The message names the key and what would be right.</summary>
public sealed class SettingException : Exception
{
    /// <summary>Makes one.</summary>
    public SettingException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
