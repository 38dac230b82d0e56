using System.Security.Cryptography;
using System.Text;
using Talon.Actors.Telemetry;

namespace Talon.Host.Ingress;

/// <summary>
/// The token that senders must show. From a file it is read again at most every 30 s, when a request comes in, so that a
/// mounted secret can be changed; when the file cannot be read the last token stays in force and the log says so.
/// </summary>
internal sealed class IngressToken
{
    /// <summary>How long a token from a file is used before the file is read again.</summary>
    public static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(30);

    private const int LargestFile = 64 * 1024;

    private readonly string? _file;
    private readonly TimeProvider _time;
    private readonly ITalonLog? _log;
    private byte[] _hash;
    private long _readAt;

    private IngressToken(string token, string? file, TimeProvider time, ITalonLog? log)
    {
        _hash = Hash(Encoding.UTF8.GetBytes(token));
        _file = file;
        _time = time;
        _log = log;
        _readAt = time.GetTimestamp();
    }

    /// <summary>A token that never changes. White space around it does not count: a secret often ends in a line feed.</summary>
    public static IngressToken Fixed(string token, TimeProvider time) => new(token.Trim(), file: null, time, log: null);

    /// <summary>A token in a file. White space around it does not count.</summary>
    /// <param name="log">Where to say that the file cannot be read.</param>
    /// <exception cref="IOException">The file cannot be read, or holds no token.</exception>
    public static IngressToken FromFile(string file, TimeProvider time, ITalonLog log) => new(Read(file), file, time, log);

    /// <summary>Whether this is the token. Takes the same time wherever the two differ.</summary>
    /// <param name="presented">What the sender showed, UTF-8.</param>
    public bool Equals(ReadOnlySpan<byte> presented)
    {
        Refresh();

        // Hashes of equal length are compared, so that the length of the token does not show either.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(presented, hash);
        return CryptographicOperations.FixedTimeEquals(hash, Volatile.Read(ref _hash));
    }

    private static byte[] Hash(ReadOnlySpan<byte> token) => SHA256.HashData(token);

    private static string Read(string file)
    {
        try
        {
            if (new FileInfo(file).Length > LargestFile)
            {
                throw new IOException($"the token file '{file}' is larger than 64 KiB");
            }

            string token = File.ReadAllText(file).Trim();
            return token.Length > 0 ? token : throw new IOException($"the token file '{file}' is empty");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private void Refresh()
    {
        if (_file is null)
        {
            return;
        }

        long readAt = Interlocked.Read(ref _readAt);
        if (_time.GetElapsedTime(readAt) < ReadEvery
            || Interlocked.CompareExchange(ref _readAt, _time.GetTimestamp(), readAt) != readAt)
        {
            return;
        }

        try
        {
            Volatile.Write(ref _hash, Hash(Encoding.UTF8.GetBytes(Read(_file))));
        }
        catch (IOException e)
        {
            _log?.Write(new LogLine("http") { Level = LogLineLevel.Warn, Error = $"ingress token not read again, the last one stays: {e.Message}" });
        }
    }
}
