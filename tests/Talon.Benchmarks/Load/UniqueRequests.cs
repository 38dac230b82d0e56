using System.Globalization;

namespace Talon.Benchmarks.Load;

/// <summary>One request with a number written into it, another one each time, so that no two events are the same.</summary>
internal sealed class UniqueRequests : RequestSource
{
    private readonly byte[] _request;
    private readonly int[] _slots;
    private readonly Serial _serial;

    /// <param name="template">The request; every <see cref="Slot"/> in it takes the number.</param>
    /// <param name="serial">Where the numbers come from, shared by all connections.</param>
    public UniqueRequests(byte[] template, Serial serial)
    {
        _request = [.. template];
        _slots = [.. SlotsIn(template)];
        _serial = serial;
    }

    /// <summary>Stands for the number: twelve characters, because the length of the request stays the same.</summary>
    public static string Slot => "@@@@@@@@@@@@";

    /// <summary>The number as it is written.</summary>
    public static string Text(long number) => number.ToString("D12", CultureInfo.InvariantCulture);

    public override ReadOnlySpan<byte> Next()
    {
        long number = _serial.Next();
        if (number < 0)
        {
            return default;
        }

        foreach (int slot in _slots)
        {
            number.TryFormat(_request.AsSpan(slot, Slot.Length), out _, "D12", CultureInfo.InvariantCulture);
        }

        return _request;
    }

    private static List<int> SlotsIn(ReadOnlySpan<byte> template)
    {
        ReadOnlySpan<byte> slot = "@@@@@@@@@@@@"u8;
        var slots = new List<int>();
        int at = 0;
        while (template[at..].IndexOf(slot) is >= 0 and var next)
        {
            slots.Add(at + next);
            at += next + slot.Length;
        }

        return slots;
    }
}
