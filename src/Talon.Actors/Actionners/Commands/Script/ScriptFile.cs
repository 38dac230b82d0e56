using System.Text;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Commands.Script;

/// <summary>Reads a script from the host of Talon.</summary>
internal static class ScriptFile
{
    /// <summary>The largest script, in bytes: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Gives the text of the file, or null and why it cannot be used.</summary>
    public static async Task<(string? Text, string? Problem)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 4096, useAsync: true);
            if (!file.CanSeek)
            {
                // A pipe or a device might never end.
                return (null, $"the script '{OneLine.From(path)}' is no regular file");
            }

            byte[] bytes = new byte[MaxBytes + 1];
            int read = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            if (read > MaxBytes)
            {
                return (null, $"the script '{OneLine.From(path)}' has more than {MaxBytes} bytes");
            }

            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, read);
            return string.IsNullOrWhiteSpace(text) ? (null, $"the script '{OneLine.From(path)}' is empty") : (text, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string why = e is DecoderFallbackException ? "it is no UTF-8 text" : OneLine.From(e.Message);
            return (null, $"the script '{OneLine.From(path)}' cannot be read on the host of Talon: {why}");
        }
    }
}
