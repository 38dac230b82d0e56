namespace Talon.Rules.Loading.Files;

/// <summary>Where a rule file is, and how it was named.</summary>
/// <param name="Name">The path as it was given, which is how diagnostics name it.</param>
/// <param name="Path">The path it is read from.</param>
public sealed record RuleFilePath(string Name, string Path)
{
    /// <summary>
    /// The file by its absolute path, which keeps its meaning when the working directory is removed. A relative path stays relative
    /// when there is no working directory any more.
    /// </summary>
    public static RuleFilePath Of(string given)
    {
        try
        {
            return new RuleFilePath(given, System.IO.Path.GetFullPath(given));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new RuleFilePath(given, given);
        }
    }
}
