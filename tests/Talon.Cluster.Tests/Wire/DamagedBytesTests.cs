using Akka.Actor;
using Akka.TestKit.Xunit2;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Tests.Wire;

/// <summary>Bytes that are not what was written: whatever stands in them, reading ends, with a value or with a <see cref="FormatException"/>.</summary>
public sealed class DamagedBytesTests : TestKit
{
    private const int Mutations = 3_000;

    private readonly TalonSerializer _serializer;

    public DamagedBytesTests() => _serializer = new TalonSerializer((ExtendedActorSystem)Sys);

    public static TheoryData<string> Names => [.. Sample.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void FromBinary_Mutated_IsReadOrRefused(string name)
    {
        string manifest = _serializer.Manifest(Sample.All[name]);
        byte[] golden = _serializer.ToBinary(Sample.All[name]);
        var random = new Random(20261129);
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] damaged = Mutate(golden, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                _ = _serializer.FromBinary(damaged, manifest);
            }
            catch (FormatException)
            {
                refused++;
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 4 * 1024 * 1024, $"{allocated} bytes were allocated for {Convert.ToHexString(damaged)}");
        }

        Assert.True(golden.Length == 0 || refused > 0, "no mutation was noticed");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void FromBinary_CutAnywhere_IsReadOrRefused(string name)
    {
        string manifest = _serializer.Manifest(Sample.All[name]);
        byte[] golden = _serializer.ToBinary(Sample.All[name]);
        for (int length = 0; length < golden.Length; length++)
        {
            Assert.Throws<FormatException>(() => _serializer.FromBinary(golden[..length], manifest));
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("1")]
    [InlineData("""{"k":1,"i":2,"r":3,"l":"x","n":[],"b":{},"e":1.5,"at":"x","s":[],"o":7}""")]
    public void FromBinary_JsonOfAnotherShape_IsRefused(string json)
    {
        foreach (var sample in Sample.All.Values)
        {
            string manifest = _serializer.Manifest(sample);
            if (_serializer.ToBinary(sample) is [(byte)'{', ..])
            {
                Assert.Throws<FormatException>(() => _serializer.FromBinary(System.Text.Encoding.UTF8.GetBytes(json), manifest));
            }
        }
    }

    private static byte[] Mutate(byte[] golden, Random random)
    {
        var bytes = golden.ToList();
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveRange(at, random.Next(1, bytes.Count - at + 1));
                    break;
                case 3 when at < bytes.Count:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(1, Math.Min(64, bytes.Count - at) + 1)));
                    break;
                default:
                    // The largest and the most negative lengths.
                    bytes.InsertRange(at, random.Next(2) == 0 ? [0xff, 0xff, 0xff, 0x7f] : [0, 0, 0, 0x80]);
                    break;
            }
        }

        return [.. bytes];
    }
}
