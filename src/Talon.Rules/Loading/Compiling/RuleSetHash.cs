using System.Buffers;
using System.Security.Cryptography;
using Talon.Rules.Matching;
using Talon.Rules.Planning;
using Talon.Rules.Text;

namespace Talon.Rules.Loading.Compiling;

/// <summary>The content hash of compiled rules: the first 128 bits of SHA-256 over their canonical form. Descriptions and layout do not count.</summary>
internal static class RuleSetHash
{
    public static string Compute(IEnumerable<Rule> rules)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonCopy.CompactWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var rule in rules)
            {
                writer.WriteStartObject();
                writer.WriteBoolean("continue", rule.Continues);
                PlanJsonWriter.WriteTexts(writer, "match", [.. rule.Conditions.Select(condition => condition.Canonical)]);
                writer.WritePropertyName("plan");
                PlanJsonWriter.WriteRule(writer, Meaning(rule.Plan));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan).AsSpan(0, 16));
    }

    // A default written out means what it means unwritten.
    private static PlannedRule Meaning(PlannedRule plan) => plan with
    {
        SaysContinue = null,
        Actions = [.. plan.Actions.Select(action => action with { SaysContinue = null })],
    };
}
