using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Talon.Host.Ingress;

/// <summary>
/// Checks the <c>Authorization</c> header of an event: <c>Bearer TOKEN</c>, or <c>Basic</c> with the token as password and any
/// user (Falcosidekick has no field for a token, but sends the user part of its URL as Basic).
/// </summary>
internal sealed class IngressAuthentication(IngressToken token)
{
    private const int LongestHeader = 8 * 1024;

    /// <summary>Whether the sender may post events.</summary>
    public bool Allows(StringValues authorization)
    {
        if (authorization.Count != 1 || authorization[0] is not { Length: > 0 and <= LongestHeader } header)
        {
            return false;
        }

        int blank = header.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0)
        {
            return false;
        }

        var scheme = header.AsSpan(0, blank);
        var credentials = header.AsSpan(blank + 1).Trim(' ');
        byte[] rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(credentials.Length));
        try
        {
            int length = Encoding.UTF8.GetBytes(credentials, rented);
            if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            {
                return token.Equals(rented.AsSpan(0, length));
            }

            return scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
                && Base64.DecodeFromUtf8InPlace(rented.AsSpan(0, length), out int decoded) == OperationStatus.Done
                && rented.AsSpan(0, decoded).IndexOf((byte)':') is >= 0 and var colon
                && token.Equals(rented.AsSpan(colon + 1, decoded - colon - 1));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
