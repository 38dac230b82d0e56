using System.Text;

namespace Talon.Actors.Tests.Notifiers;

/// <summary>Payloads kept as files beside the tests, compared byte by byte. Set TALON_WRITE_GOLDEN=true to write them anew.</summary>
internal static class Golden
{
    private const string Folder = "Notifiers";

    /// <param name="file">Below the tests of notifiers, for instance <c>Loki/Golden/push.json</c>.</param>
    public static void AssertSame(string file, byte[] actual)
    {
        if (Environment.GetEnvironmentVariable("TALON_WRITE_GOLDEN") == "true")
        {
            string path = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", Folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, actual);
            return;
        }

        // As text, which shows the difference; a text that is the same has the same bytes.
        Assert.Equal(Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, Folder, file))), Encoding.UTF8.GetString(actual));
    }
}
