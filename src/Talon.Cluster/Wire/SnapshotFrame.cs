using System.Collections.Immutable;
using Talon.Rules.Events;

namespace Talon.Cluster.Wire;

/// <summary>
/// The bytes of a bucket's snapshot, little endian: deliveries (count, then id 16, sequence 8, at 8 each), window (count, then
/// id 16, at 8), unfinished events (count, then sequence 8, number of facts, and for each its manifest and length-prefixed bytes),
/// checkpoints (count, then sequence 8, at 8), deleted-to (8). Facts keep their own format, so a snapshot can be read as long as
/// its facts can.
/// </summary>
internal static class SnapshotFrame
{
    public static byte[] Write(BucketSnapshot snapshot)
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory))
        {
            Span<byte> id = stackalloc byte[16];
            writer.Write(snapshot.Deliveries.Length);
            foreach (var delivery in snapshot.Deliveries)
            {
                delivery.Id.WriteBytes(id);
                writer.Write(id);
                writer.Write(delivery.Sequence);
                writer.Write(delivery.At);
            }

            writer.Write(snapshot.Window.Length);
            foreach (var seen in snapshot.Window)
            {
                seen.Id.WriteBytes(id);
                writer.Write(id);
                writer.Write(seen.At);
            }

            writer.Write(snapshot.Unfinished.Length);
            foreach (var pending in snapshot.Unfinished)
            {
                writer.Write(pending.Sequence);
                writer.Write(pending.Facts.Length);
                foreach (var fact in pending.Facts)
                {
                    var format = WireFormats.Of(fact);
                    writer.Write(format.Manifest);
                    var bytes = format.Write(fact);
                    writer.Write(bytes.Length);
                    writer.Write(bytes);
                }
            }

            writer.Write(snapshot.Checkpoints.Length);
            foreach (var checkpoint in snapshot.Checkpoints)
            {
                writer.Write(checkpoint.Sequence);
                writer.Write(checkpoint.At);
            }

            writer.Write(snapshot.DeletedTo);
        }

        return memory.ToArray();
    }

    public static BucketSnapshot Read(byte[] bytes)
    {
        using var memory = new MemoryStream(bytes, writable: false);
        using var reader = new BinaryReader(memory);
        var deliveries = List(reader, r => new BucketSnapshot.Delivery(DeliveryId.FromBytes(Bytes(r, 16)), r.ReadInt64(), r.ReadInt64()));
        var window = List(reader, r => new BucketSnapshot.Seen(EventId.FromBytes(Bytes(r, 16)), r.ReadInt64()));
        var unfinished = List(reader, r => new BucketSnapshot.Pending(
            r.ReadInt64(),
            List(r, facts =>
            {
                string manifest = facts.ReadString();
                return WireFormats.ReadFact(manifest, Bytes(facts, facts.ReadInt32()));
            })));
        var checkpoints = List(reader, r => new BucketSnapshot.Checkpoint(r.ReadInt64(), r.ReadInt64()));
        return new BucketSnapshot(deliveries, window, unfinished, checkpoints, reader.ReadInt64());
    }

    // A damaged length must not be believed: it would ask for up to 2 GiB.
    private static byte[] Bytes(BinaryReader reader, int count) =>
        count >= 0 && count <= reader.BaseStream.Length - reader.BaseStream.Position
            ? reader.ReadBytes(count)
            : throw new FormatException("a snapshot is damaged");

    private static ImmutableArray<T> List<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        int count = reader.ReadInt32();
        if (count < 0)
        {
            throw new FormatException("a snapshot is damaged");
        }

        var list = ImmutableArray.CreateBuilder<T>(Math.Min(count, 4096));
        for (int i = 0; i < count; i++)
        {
            list.Add(read(reader));
        }

        return list.ToImmutable();
    }
}
