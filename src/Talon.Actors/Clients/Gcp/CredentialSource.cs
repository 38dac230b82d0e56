using System.Text;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Gcp;

/// <summary>
/// Where credentials come from: the configuration, else the application default credentials. Google's own search for those remembers its
/// first answer for the life of the process, a failure too; this one looks every time.
/// </summary>
internal sealed class CredentialSource(GcpOptions options, GcpEnvironment environment)
{
    private const int MaxBytes = 64 * 1024;
    private const string Setting = "gcp.credentials_path";
    private const string Variable = "GOOGLE_APPLICATION_CREDENTIALS";

    /// <param name="Json">The JSON of the credentials; null for those of the machine.</param>
    /// <param name="Where">Where it comes from, for messages.</param>
    internal sealed record Found(string? Json, string Where)
    {
        /// <summary>Leaves the credentials out.</summary>
        public override string ToString() => $"{nameof(Found)} {{ Where = {Where} }}";
    }

    /// <summary>Looks for credentials. A secret that is mounted in a pod changes behind links, so a file is read and not only looked at.</summary>
    public async Task<GcpResult<Found>> FindAsync(CancellationToken cancellationToken)
    {
        if (options.Credentials.TrimStart().StartsWith('{'))
        {
            return new Found(options.Credentials, Setting);
        }

        if (options.Credentials.Length > 0)
        {
            return await ReadAsync(options.Credentials, Setting, cancellationToken);
        }

        if (environment.Variable(Variable) is { Length: > 0 } path)
        {
            return await ReadAsync(path, Variable, cancellationToken);
        }

        return WellKnownFile() is { } file && File.Exists(file)
            ? await ReadAsync(file, "the Google Cloud CLI", cancellationToken)
            : new Found(null, "the metadata server");
    }

    private static async Task<GcpResult<Found>> ReadAsync(string path, string where, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous });
            byte[] buffer = new byte[MaxBytes + 1];
            int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return length > MaxBytes ? Unreadable(where, $"it is larger than {MaxBytes} bytes") : new Found(Encoding.UTF8.GetString(buffer, 0, length), where);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Somebody may have put the secret itself where the path belongs.
            return Unreadable(where, e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException => "Talon may not read it",
                _ => "reading it failed",
            });
        }
    }

    private static GcpError Unreadable(string where, string why) => new(FailureKind.Unreachable, $"the file with the credentials that {where} names cannot be read: {why}");

    private string? WellKnownFile()
    {
        const string Name = "application_default_credentials.json";
        return environment.Variable("CLOUDSDK_CONFIG") is { Length: > 0 } folder ? Path.Combine(folder, Name)
            : environment.Variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".config", "gcloud", Name)
            : null;
    }
}
