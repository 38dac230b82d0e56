using System.Buffers.Binary;
using Talon.Actors.Actionners.Captures.Tcpdump;

namespace Talon.Actors.Tests.Actionners.Captures.Tcpdump;

public sealed class PacketProbeTests
{
    [Theory]
    [InlineData(0, false, false)]
    [InlineData(3, false, false)]
    [InlineData(24, false, true)]
    [InlineData(39, false, true)]
    [InlineData(40, false, false)]
    [InlineData(59, false, false)]
    [InlineData(60, true, false)]
    [InlineData(61, true, false)]
    public void Pcap_CutAt_HasPacketsWhenOneIsWhole(int length, bool packets, bool without)
    {
        byte[] file = [.. CaptureWork.Pcap(new byte[20], new byte[30])];

        AssertRead(file[..length], packets, without);
    }

    [Theory]
    [InlineData(0xA1B2C3D4, false)]
    [InlineData(0xA1B2C3D4, true)]
    [InlineData(0xA1B23C4D, false)]
    [InlineData(0xA1B23C4D, true)]
    public void Pcap_OfAnyMachine_IsRead(uint magic, bool bigEndian)
    {
        byte[] file = new byte[24 + 16 + 5];
        Write(file, 0, magic, bigEndian);
        Write(file, 32, 5, bigEndian);

        AssertRead(file, packets: true, without: false);
        AssertRead(file[..^1], packets: false, without: false);
        AssertRead(file[..24], packets: false, without: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pcapng_OfAnyMachine_IsRead(bool bigEndian)
    {
        byte[] section = Block(0x0A0D0D0A, 28, bigEndian);
        Write(section, 8, 0x1A2B3C4D, bigEndian);
        byte[] nothing = [.. section, .. Block(1, 20, bigEndian), .. section, .. Block(5, 24, bigEndian)];

        AssertRead(nothing, packets: false, without: true);
        foreach (uint type in new uint[] { 2, 3, 6 })
        {
            byte[] file = [.. nothing, .. Block(type, 32, bigEndian)];
            AssertRead(file, packets: true, without: false);
            AssertRead(file[..^1], packets: false, without: false);
        }
    }

    [Fact]
    public void Anything_Else_HasNoPacketsAndNoFault()
    {
        var random = new Random(4711);
        for (int round = 0; round < 2000; round++)
        {
            byte[] noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            if (noise.Length >= 12 && round % 2 == 0)
            {
                Write(noise, 0, 0x0A0D0D0A, bigEndian: false);
                Write(noise, 8, 0x1A2B3C4D, bigEndian: round % 4 == 0);
            }

            Read(noise, random);
        }

        AssertRead([.. "usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#]"u8], packets: false, without: false);
    }

    private static void AssertRead(byte[] file, bool packets, bool without)
    {
        // However it comes in pieces, it reads alike.
        var random = new Random(file.Length);
        for (int round = 0; round < 50; round++)
        {
            var probe = Read(file, random);
            Assert.Equal((packets, without), (probe.HasPackets, probe.IsWithoutPackets));
        }
    }

    private static PacketProbe Read(byte[] file, Random random)
    {
        var probe = new PacketProbe();
        for (int at = 0; at < file.Length;)
        {
            int length = Math.Min(file.Length - at, random.Next(1, 30));
            probe.Take(file.AsSpan(at, length));
            at += length;
        }

        return probe;
    }

    private static byte[] Block(uint type, int length, bool bigEndian)
    {
        byte[] block = new byte[length];
        Write(block, 0, type, bigEndian);
        Write(block, 4, (uint)length, bigEndian);
        return block;
    }

    private static void Write(byte[] file, int at, uint number, bool bigEndian)
    {
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), number);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), number);
        }
    }
}
