using System.Text;

namespace Talon.Rules.Tests.Fuzz;

/// <summary>Damages texts. The same seed damages the same text in the same way.</summary>
internal sealed class Mutator(int seed, byte[][] samples, string[] scraps)
{
    private const int LongestText = 64 * 1024;

    private readonly Random _random = new(seed);
    private readonly byte[][] _scraps = [.. scraps.Select(Encoding.UTF8.GetBytes)];

    public byte[] Next()
    {
        var bytes = new List<byte>(samples[_random.Next(samples.Length)]);
        for (int edits = 1 + _random.Next(8); edits > 0; edits--)
        {
            Edit(bytes);
        }

        return [.. bytes.Take(LongestText)];
    }

    private void Edit(List<byte> bytes)
    {
        int at = _random.Next(bytes.Count + 1);
        int length = Math.Min(1 + _random.Next(_random.Next(2) == 0 ? 4 : 200), bytes.Count - at);
        switch (_random.Next(8))
        {
            case 0 when length > 0:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 1 when length > 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.Insert(at, (byte)_random.Next(256));
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 5:
                Move(bytes, at, length);
                break;
            case 6:
                Splice(bytes, at);
                break;
            default:
                bytes.InsertRange(at, _scraps[_random.Next(_scraps.Length)]);
                break;
        }
    }

    private void Move(List<byte> bytes, int at, int length)
    {
        var moved = bytes.GetRange(at, length);
        bytes.RemoveRange(at, length);
        bytes.InsertRange(_random.Next(bytes.Count + 1), moved);
    }

    // A piece of another sample: two real texts grown together.
    private void Splice(List<byte> bytes, int at)
    {
        byte[] other = samples[_random.Next(samples.Length)];
        int from = _random.Next(other.Length);
        bytes.InsertRange(at, other[from..Math.Min(other.Length, from + _random.Next(300))]);
    }
}
