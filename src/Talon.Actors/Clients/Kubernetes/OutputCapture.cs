using System.Security.Cryptography;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// Takes a stream of bytes that came from a workload: keeps the beginning to show it, counts and digests all, and stops at a
/// bound.
/// </summary>
/// <param name="shown">How many bytes are kept.</param>
/// <param name="most">How many bytes are read at most.</param>
internal sealed class OutputCapture(int shown, long most = OutputCapture.MostRead) : IDisposable
{
    /// <summary>How many bytes of one stream are read at most: 16 MiB.</summary>
    public const long MostRead = 16L << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _kept = new();

    /// <summary>How many bytes came, as far as they were read.</summary>
    public long Bytes { get; private set; }

    /// <summary>Their SHA-256 so far, lower-case hex.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Takes bytes. False when it has enough.</summary>
    public ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        bytes = bytes[..(int)Math.Min(bytes.Length, most - Bytes)];
        _hash.AppendData(bytes.Span);
        _kept.Write(bytes.Span[..(int)Math.Min(bytes.Length, shown - _kept.Length)]);
        Bytes += bytes.Length;
        return ValueTask.FromResult(Bytes < most);
    }

    /// <summary>The size and digest for a sentence: <c>stdout 12 bytes (sha256 …)</c>.</summary>
    public string Describe(string name) => Bytes == 0 ? $"{name} 0 bytes" : $"{name} {Bytes} bytes (sha256 {Sha256})";

    /// <summary>The part that is journalled.</summary>
    public CapturedText ToCaptured(string name, bool inline)
    {
        var bytes = _kept.GetBuffer().AsSpan(0, (int)_kept.Length);
        return new CapturedText(name, DisplayText.From(Bytes > _kept.Length ? CutToRune(bytes) : bytes, shown), Bytes, Sha256, inline);
    }

    public void Dispose()
    {
        _hash.Dispose();
        _kept.Dispose();
    }

    // A character that was cut through by the cap is left out; bytes that never were one are for the display to mark.
    private static ReadOnlySpan<byte> CutToRune(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            byte lead = bytes[^back];
            if ((lead & 0xC0) == 0x80)
            {
                continue;
            }

            int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
            return length > back ? bytes[..^back] : bytes;
        }

        return bytes;
    }
}
