using System.Text;
using CsCheck;
using Talon.Rules.Events;

namespace Talon.Rules.Tests.Events;

public sealed class ParserPropertyTests
{
    private static readonly byte[][] Samples =
        [.. File.ReadAllLines(Make.GoldenPath("events", "falcosidekick.jsonl")).Take(40).Select(Encoding.UTF8.GetBytes)];

    private static readonly string[] Scraps =
        ["{", "}", "[", "]", "\"", ",", ":", "\\", "\\u", "\\ud800", "null", "true", "1e9999", "-", "\0", "\u001f", "\"time\":\"", "\"tags\":[", "<NA>", "ü"];

    [Fact]
    public void Parse_ArbitraryBytes_NeverThrows() => Gen.Byte.Array[0, 200].Sample(Exercise, iter: 20_000);

    [Fact]
    public void Parse_JsonScraps_NeverThrows() =>
        Gen.Int[0, Scraps.Length - 1].Array[0, 40].Sample(picks => Exercise(Encoding.UTF8.GetBytes(string.Concat(picks.Select(pick => Scraps[pick])))), iter: 20_000);

    [Fact]
    public void Parse_MutatedEvents_NeverThrows() =>
        Gen.Select(Gen.Int[0, Samples.Length - 1], Gen.Select(Gen.Int[0, 5], Gen.Int[0, 10_000], Gen.Byte).Array[1, 6])
            .Sample((sample, edits) => Exercise(Mutate(Samples[sample], edits)), iter: 20_000);

    private static byte[] Mutate(byte[] sample, (int Kind, int Place, byte Value)[] edits)
    {
        var bytes = sample.ToList();
        foreach (var (kind, place, value) in edits)
        {
            int at = place % bytes.Count;
            switch (kind)
            {
                case 0:
                    bytes[at] = value;
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, value);
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Scraps[value % Scraps.Length]));
                    break;
                case 4:
                    bytes.RemoveRange(at, Math.Min(value, bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(value, bytes.Count - at)));
                    break;
            }

            if (bytes.Count == 0)
            {
                bytes.Add(value);
            }
        }

        return [.. bytes];
    }

    // Reads everything there is to read of what parses: values are decoded late.
    private static bool Exercise(byte[] body)
    {
        var parsed = FalcoEventParser.Parse(body);
        if (!parsed.IsEvent)
        {
            return parsed.Error.Length > 0 && !parsed.Error.Any(char.IsControl);
        }

        var falcoEvent = parsed.Event;
        string payload = Payload.Of(falcoEvent);
        var again = FalcoEventParser.Parse(Encoding.UTF8.GetBytes(payload)).Event;
        return again is not null
            && FalcoEventParser.Parse(falcoEvent.Raw).IsEvent
            && EventId.Compute(falcoEvent).ToString().Length == 32
            && falcoEvent.OutputFields.All(field => field.Value == Value(falcoEvent, field.Key))
            && falcoEvent.PodName?.Length != 0
            && (falcoEvent.OutputFields.Count == again.OutputFields.Count);
    }

    private static FieldValue Value(FalcoEvent falcoEvent, string name) => falcoEvent.OutputFields.TryGet(name, out var value) ? value : default;
}
