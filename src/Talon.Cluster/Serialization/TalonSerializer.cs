using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;
using Talon.Cluster.Protocol;

namespace Talon.Cluster.Serialization;

/// <summary>
/// The one serializer of Talon: facts and snapshots of the journal, and messages between nodes. Every format has a short
/// versioned manifest; type names never leave the process. A manifest that is not known fails loudly: a fact that cannot be read
/// must stop the recovery, not be skipped.
/// </summary>
internal sealed class TalonSerializer : SerializerWithStringManifest
{
    /// <summary>The number by which Akka stores the serializer beside each payload. Part of the data.</summary>
    public const int Id = 110;

    /// <summary>Made by Akka.</summary>
    public TalonSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>The types that this serializer is bound to.</summary>
    public static IReadOnlyList<Type> BoundTypes { get; } = [typeof(IWireMessage), typeof(IFact), typeof(BucketSnapshot)];

    /// <inheritdoc/>
    public override int Identifier => Id;

    /// <inheritdoc/>
    public override string Manifest(object o) =>
        (o is BucketSnapshot ? SnapshotCodec.Manifest : FactCodec.ManifestOf(o) ?? GuardCodec.ManifestOf(o) ?? MessageCodec.ManifestOf(o))
        ?? throw new ArgumentOutOfRangeException(nameof(o), o.GetType().Name, "not bound to Talon's serializer");

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => obj switch
    {
        IFact fact => FactCodec.Write(fact),
        BucketSnapshot snapshot => SnapshotCodec.Write(snapshot),
        IGuardMessage or GuardProtocol.Reply or GuardProtocol.HandOff => GuardCodec.Write(obj),
        _ => MessageCodec.Write(obj),
    };

    /// <inheritdoc/>
    /// <exception cref="FormatException">The manifest is not known, or the bytes are damaged.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return Read(bytes, manifest);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or IOException or OverflowException)
        {
            throw new FormatException($"{bytes.Length} bytes of the format '{manifest}' are damaged: {e.Message}", e);
        }
    }

    private static object Read(byte[] bytes, string manifest) => manifest switch
    {
        SnapshotCodec.Manifest => SnapshotCodec.Read(bytes),
        FactCodec.AcceptedManifest or FactCodec.StartedManifest or FactCodec.FinishedManifest or FactCodec.RetryManifest
            or FactCodec.ResumedManifest => FactCodec.Read(manifest, bytes),
        MessageCodec.IngestManifest or MessageCodec.ReplyManifest or MessageCodec.ActionFinishedManifest or MessageCodec.ConfirmedManifest
            or MessageCodec.WakeManifest or MessageCodec.HandOffManifest or MessageCodec.LookManifest or MessageCodec.SeenManifest => MessageCodec.Read(manifest, bytes),
        GuardCodec.AcquireManifest or GuardCodec.ReleaseManifest or GuardCodec.ReplyManifest or GuardCodec.HandOffManifest =>
            GuardCodec.Read(manifest, bytes),
        _ => throw new FormatException($"'{manifest}' is not a format that this version of Talon can read; a newer one wrote it"),
    };
}
