using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;

namespace Talon.Cluster.Wire;

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

    public override int Identifier => Id;

    public override string Manifest(object o) => WireFormats.Of(o).Manifest;

    public override byte[] ToBinary(object obj) => WireFormats.Of(obj).Write(obj);

    /// <exception cref="FormatException">The manifest is not known, or the bytes are damaged.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return WireFormats.Read(manifest, bytes);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or IOException or OverflowException)
        {
            throw new FormatException($"{bytes.Length} bytes of the format '{manifest}' are damaged: {e.Message}", e);
        }
    }
}
