using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Talon.Rules.Text;

namespace Talon.Rules.Planning;

/// <summary>
/// The durable form of a plan, as it stands in the journal: canonical JSON, version 1. Keys are in a fixed order and absent
/// where they hold the default. Durations are counted in ticks of 100 ns.
/// <code>
/// {"v":1,"set":HASH,"rules":[{"name":…,"dry_run":true,"notifiers":[…],"actions":[
///   {"pos":0,"name":…,"actionner":…,"parameters":{…},"ignore_errors":true,"contexts":[…],
///    "output":{"target":…,"parameters":{…}},"timeout":TICKS,"max_age":TICKS,"retry_interrupted":true}]}]}
/// </code>
/// A parameter value is a string, whole number, true, false, null or object; an array begins with <c>"list"</c> or is
/// <c>["real", literal]</c>.
/// </summary>
public static class PlanJson
{
    /// <summary>The version written.</summary>
    public const int Version = 1;

    private static readonly ConditionalWeakTable<EventPlan, byte[]> Written = [];

    /// <summary>The durable form. Made once per plan instance.</summary>
    public static ReadOnlyMemory<byte> ToUtf8(EventPlan plan)
    {
        return Written.GetValue(plan, static p => Write(p));
    }

    /// <summary>Reads the durable form back.</summary>
    /// <exception cref="FormatException">They are damaged or of a version that this program does not know.</exception>
    public static EventPlan Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8.ToArray(), new JsonDocumentOptions { MaxDepth = JsonCopy.MaxDepth });
            return PlanJsonReader.ReadPlan(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException("the plan is damaged: not the JSON that was written", e);
        }
    }

    private static byte[] Write(EventPlan plan)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = JsonCopy.CompactWriter(buffer))
        {
            PlanJsonWriter.WritePlan(writer, plan);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
