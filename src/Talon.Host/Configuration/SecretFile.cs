namespace Talon.Host.Configuration;

/// <summary>Reads a secret that stands in a file of its own.</summary>
internal static class SecretFile
{
    private const int LargestFile = 64 * 1024;

    /// <summary>The text of the file without the white space around it: a mounted secret often ends in a line feed.</summary>
    /// <param name="key">The key of the configuration that names the file, for the message.</param>
    /// <exception cref="IOException">The file cannot be read, is empty, or is larger than 64 KiB.</exception>
    public static string Read(string key, string file)
    {
        try
        {
            if (new FileInfo(file).Length > LargestFile)
            {
                throw new IOException($"the file '{file}' is larger than 64 KiB: {key} must name one that holds the secret and nothing else");
            }

            string text = File.ReadAllText(file).Trim();
            return text.Length > 0 ? text : throw new IOException($"the file '{file}' is empty: {key} must name one that holds the secret");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"the file of {key} cannot be read: {e.Message}", e);
        }
    }
}
