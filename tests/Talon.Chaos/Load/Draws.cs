using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Talon.Chaos.Load;

/// <summary>Numbers drawn from a seed and a name: the same in every run, in whatever order and on whatever thread they are asked for.</summary>
internal static class Draws
{
    /// <returns>A number from 0 up to, not including, 1.</returns>
    public static double Of(int seed, int number, string what)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}/{number}/{what}")), hash);
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }

    /// <returns>A whole number from 0 up to, not including, the bound.</returns>
    public static int Below(int bound, int seed, int number, string what) => (int)(Of(seed, number, what) * bound);
}
