using System.Buffers;
using System.Text;

namespace Talon.Rules.Text;

/// <summary>
/// Decodes JSON strings without ever failing. The framework's reader throws on a lone surrogate (<c>\ud800</c>); whoever
/// shapes a process name could then make an event unreadable and so escape its rule. Here it becomes U+FFFD.
/// </summary>
internal static class JsonText
{
    /// <summary>The text of a JSON string whose bytes have passed the reader's syntax check and are valid UTF-8.</summary>
    public static string Decode(ReadOnlySpan<byte> body, bool isEscaped)
    {
        if (!isEscaped)
        {
            return Encoding.UTF8.GetString(body);
        }

        char[] buffer = ArrayPool<char>.Shared.Rent(body.Length);
        int length = Unescape(body, buffer);
        string text = new(buffer, 0, length);
        ArrayPool<char>.Shared.Return(buffer);
        return text;
    }

    private static int Unescape(ReadOnlySpan<byte> body, Span<char> destination)
    {
        int written = 0;
        while (!body.IsEmpty)
        {
            int backslash = body.IndexOf((byte)'\\');
            var literal = backslash < 0 ? body : body[..backslash];
            written += Encoding.UTF8.GetChars(literal, destination[written..]);
            if (backslash < 0)
            {
                break;
            }

            byte kind = body[backslash + 1];
            if (kind == (byte)'u')
            {
                char unit = Hex(body.Slice(backslash + 2, 4));
                body = body[(backslash + 6)..];
                if (char.IsHighSurrogate(unit) && body.StartsWith("\\u"u8) && char.IsLowSurrogate(Hex(body.Slice(2, 4))))
                {
                    destination[written++] = unit;
                    unit = Hex(body.Slice(2, 4));
                    body = body[6..];
                    destination[written++] = unit;
                }
                else
                {
                    destination[written++] = char.IsSurrogate(unit) ? '\uFFFD' : unit;
                }
            }
            else
            {
                destination[written++] = kind switch
                {
                    (byte)'b' => '\b',
                    (byte)'f' => '\f',
                    (byte)'n' => '\n',
                    (byte)'r' => '\r',
                    (byte)'t' => '\t',
                    _ => (char)kind,
                };
                body = body[(backslash + 2)..];
            }
        }

        return written;
    }

    private static char Hex(ReadOnlySpan<byte> digits)
    {
        int value = 0;
        foreach (byte digit in digits)
        {
            value = (value << 4) | (digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return (char)value;
    }
}
