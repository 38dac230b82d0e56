using System.Diagnostics;

namespace Talon.Host.Ingress;

/// <summary>The id by which one event is followed: the trace id of a valid W3C <c>traceparent</c> header, else a random one.</summary>
internal static class TraceId
{
    private const int VersionLength = 2;
    private const int TraceLength = 32;
    private const int ParentLength = 16;
    private const int FlagsLength = 2;
    private const int HeaderLength = VersionLength + 1 + TraceLength + 1 + ParentLength + 1 + FlagsLength;

    /// <summary>The id of a request, 32 lower-case hex digits.</summary>
    /// <param name="traceparent">The header; null when there is none.</param>
    public static string Of(string? traceparent) =>
        traceparent is not null && IsValid(traceparent)
            ? traceparent.Substring(VersionLength + 1, TraceLength)
            : ActivityTraceId.CreateRandom().ToHexString();

    // https://www.w3.org/TR/trace-context/: version ff is forbidden, later versions may append "-…", ids of zeros are invalid.
    private static bool IsValid(ReadOnlySpan<char> header)
    {
        if (header.Length < HeaderLength || header[2] != '-' || header[35] != '-' || header[52] != '-')
        {
            return false;
        }

        var version = header[..VersionLength];
        var trace = header.Slice(VersionLength + 1, TraceLength);
        var parent = header.Slice(36, ParentLength);
        return IsHex(version) && !version.SequenceEqual("ff")
            && IsHex(trace) && trace.ContainsAnyExcept('0')
            && IsHex(parent) && parent.ContainsAnyExcept('0')
            && IsHex(header.Slice(53, FlagsLength))
            && (header.Length == HeaderLength || (!version.SequenceEqual("00") && header[HeaderLength] == '-'));
    }

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiHexDigitLower(c))
            {
                return false;
            }
        }

        return true;
    }
}
