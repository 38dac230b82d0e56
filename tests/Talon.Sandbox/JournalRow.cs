using System.Text.Json.Nodes;

namespace Talon.Sandbox;

/// <summary>One fact as it lies in the journal.</summary>
/// <param name="Time">When it was handed to the journal.</param>
/// <param name="Bucket">The persistence id.</param>
/// <param name="Number">The sequence number.</param>
/// <param name="Manifest">The format of the payload.</param>
/// <param name="Payload">The payload.</param>
internal sealed record JournalRow(DateTimeOffset Time, string Bucket, long Number, string Manifest, byte[] Payload)
{
    /// <summary>The payload of all facts but Accepted, which is framed.</summary>
    public JsonNode? Json => Manifest == "acc:1" ? null : JsonNode.Parse(Payload);
}
