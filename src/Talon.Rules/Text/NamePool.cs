using System.Text;

namespace Talon.Rules.Text;

/// <summary>
/// Remembers short strings that come again with every event (field names, rules, tags), so that reading an event allocates
/// little. A fixed number of slots, the last one wins: whoever sends strange names costs others a few allocations, no memory.
/// </summary>
internal static class NamePool
{
    private const int MaxBytes = 96;
    private const int SlotCount = 2048;
    private static readonly string?[] Slots = new string?[SlotCount];

    /// <summary>A hash of the UTF-8 bytes of a name (FNV-1a, 32 bits). Not keyed: only for tables whose size is bounded otherwise.</summary>
    public static int Hash(ReadOnlySpan<byte> utf8)
    {
        uint hash = 2166136261;
        foreach (byte b in utf8)
        {
            hash = (hash ^ b) * 16777619;
        }

        return (int)hash;
    }

    /// <summary>The same hash of a string, computed over its UTF-8 bytes.</summary>
    public static int Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    /// <summary>The string of these bytes, from the pool where it is there.</summary>
    public static string Get(ReadOnlySpan<byte> utf8, int hash)
    {
        if (utf8.Length > MaxBytes)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref string? slot = ref Slots[(uint)(hash ^ (hash >> 15)) % SlotCount];
        string? known = Volatile.Read(ref slot);
        if (known is not null && known.Length == utf8.Length && Ascii.Equals(utf8, known))
        {
            return known;
        }

        string text = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref slot, text);
        return text;
    }

    /// <summary>The string of a slice, from the pool where it is there.</summary>
    public static string Get(ReadOnlySpan<byte> body, bool isEscaped) =>
        isEscaped ? JsonText.Decode(body, isEscaped: true) : Get(body, Hash(body));
}
