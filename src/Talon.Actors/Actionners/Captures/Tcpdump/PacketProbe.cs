using System.Buffers.Binary;

namespace Talon.Actors.Actionners.Captures.Tcpdump;

/// <summary>
/// Follows a stream of pcap or pcapng and tells whether one whole packet has passed; it holds none of it. A stream in neither format
/// has no packets.
/// </summary>
internal sealed class PacketProbe
{
    private const int MagicLength = 4;
    private const int PcapHeaderLength = 24;
    private const int PcapRecordLength = 16;
    private const int BlockHeaderLength = 8;
    private const int SectionHeaderLength = 12;
    private const uint SectionHeader = 0x0A0D0D0A;

    private readonly byte[] _head = new byte[PcapHeaderLength];
    private int _held;
    private int _wanted = MagicLength;
    private long _left;
    private bool _bigEndian;
    private bool _inPacket;
    private Reading _reading = Reading.Magic;

    private enum Reading
    {
        Magic,
        PcapHeader,
        PcapRecord,
        Section,
        Block,
        Over,
    }

    public bool HasPackets { get; private set; }

    /// <summary>Whether it is a valid capture without a packet.</summary>
    public bool IsWithoutPackets => !HasPackets && !_inPacket && _reading is Reading.PcapRecord or Reading.Section or Reading.Block;

    /// <summary>Reads the next bytes.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && _reading != Reading.Over)
        {
            if (_left > 0)
            {
                int passed = (int)Math.Min(_left, bytes.Length);
                _left -= passed;
                bytes = bytes[passed..];
            }
            else
            {
                int taken = Math.Min(_wanted - _held, bytes.Length);
                bytes[..taken].CopyTo(_head.AsSpan(_held));
                _held += taken;
                bytes = bytes[taken..];
                if (_held == _wanted)
                {
                    Step();
                }
            }

            if (_inPacket && _left == 0)
            {
                HasPackets = true;
                _reading = Reading.Over;
            }
        }
    }

    private void Step()
    {
        switch (_reading)
        {
            case Reading.Magic:
                BeginFile();
                break;
            case Reading.PcapHeader:
                Next(Reading.PcapRecord, PcapRecordLength);
                break;
            case Reading.PcapRecord:
                _inPacket = true;
                _left = Number(8);
                break;
            case Reading.Section:
                // The order of bytes, 0x1A2B3C4D, stands behind type and length of the section.
                _bigEndian = _head[8] == 0x1A;
                Skip(SectionHeaderLength);
                break;
            default:
                ReadBlock();
                break;
        }
    }

    // The magic number of pcap is written in the order of the machine, with microseconds or nanoseconds; that of pcapng reads alike in both.
    private void BeginFile()
    {
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(_head);
        _bigEndian = magic is 0xA1B2C3D4 or 0xA1B23C4D;
        if (_bigEndian || magic is 0xD4C3B2A1 or 0x4D3CB2A1)
        {
            _reading = Reading.PcapHeader;
            _wanted = PcapHeaderLength;
        }
        else if (magic == SectionHeader)
        {
            _reading = Reading.Section;
            _wanted = SectionHeaderLength;
        }
        else
        {
            _reading = Reading.Over;
        }
    }

    private void ReadBlock()
    {
        uint type = Number(0);
        if (type == SectionHeader)
        {
            _reading = Reading.Section;
            _wanted = SectionHeaderLength;
            return;
        }

        // Packet (obsolete), simple packet, enhanced packet.
        _inPacket = type is 2 or 3 or 6;
        Skip(BlockHeaderLength);
    }

    // Past the rest of a block, whose length counts all of it.
    private void Skip(int read)
    {
        long rest = (long)Number(4) - read;
        if (rest < 0)
        {
            _inPacket = false;
            _reading = Reading.Over;
            return;
        }

        _left = rest;
        Next(Reading.Block, BlockHeaderLength);
    }

    private void Next(Reading reading, int wanted)
    {
        _reading = reading;
        _wanted = wanted;
        _held = 0;
    }

    private uint Number(int at) => _bigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(at))
        : BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(at));
}
