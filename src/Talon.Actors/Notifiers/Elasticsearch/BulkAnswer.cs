using System.Collections.Immutable;
using System.Text.Json;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Rules.Text;

namespace Talon.Actors.Notifiers.Elasticsearch;

/// <summary>Reads the answer of <c>_bulk</c>, which is 200 also when it took nothing: each document has a status of its own.</summary>
internal static class BulkAnswer
{
    /// <summary>What is asked for of the answer; the rest is of no use here.</summary>
    public const string Filter = "filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason";

    private const int MostReasons = 3;

    /// <summary>What follows from the answer.</summary>
    /// <param name="http">The client that brought it, for messages without secrets.</param>
    /// <param name="count">How many documents were sent.</param>
    public static NotifyResult Judge(NotifierHttp http, HttpAnswer answer, int count)
    {
        if (!answer.IsSuccess)
        {
            return BatchParts.Judge(http, answer, count);
        }

        var (isWhole, items) = Read(answer.Body.Span);
        if (isWhole && items.IsEmpty)
        {
            return new NotifyResult.Delivered { Answer = http.Reason(answer) };
        }

        // What the answer does not tell of is sent again: the id keeps it from being there twice.
        ImmutableArray<RecordEnd> ends = [.. items.Take(count).Select(item => item.End), .. Enumerable.Repeat(RecordEnd.Again, Math.Max(count - items.Length, 0))];
        if (ends.All(end => end == RecordEnd.Delivered))
        {
            return new NotifyResult.Delivered { Answer = http.Reason(answer) };
        }

        string reason = http.Masked(ReasonOf(items, count));
        return count == 1 && ends[0] == RecordEnd.Refused ? new NotifyResult.Refused(reason) : new NotifyResult.Troubled(reason) { Ends = ends };
    }

    private static string ReasonOf(ImmutableArray<Item> items, int count)
    {
        var reasons = items.Where(item => item.End != RecordEnd.Delivered).Select(item => item.Reason).Distinct(StringComparer.Ordinal).Take(MostReasons).ToList();
        return reasons.Count > 0
            ? string.Join("; ", reasons)
            : items.Length == 0 ? "200, but what follows is no answer of _bulk" : $"the answer tells of {items.Length} of {count} documents";
    }

    // As much as can be read: an answer may be cut, and documents that it tells of are settled.
    private static (bool IsWhole, ImmutableArray<Item> Items) Read(ReadOnlySpan<byte> body)
    {
        var items = ImmutableArray.CreateBuilder<Item>();
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 16 });
        bool? errors = null;
        try
        {
            while (json.Read())
            {
                if (json.CurrentDepth != 1 || json.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (json.ValueTextEquals("errors"u8) && json.Read())
                {
                    errors = json.GetBoolean();
                }
                else if (json.ValueTextEquals("items"u8) && json.Read())
                {
                    ReadItems(ref json, items);
                }
                else
                {
                    json.Skip();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return (false, items.ToImmutable());
        }

        return errors == false ? (true, []) : (false, items.ToImmutable());
    }

    private static void ReadItems(ref Utf8JsonReader json, ImmutableArray<Item>.Builder items)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            using var item = JsonDocument.ParseValue(ref json);
            var result = item.RootElement.EnumerateObject().First().Value;
            int status = result.GetProperty("status").GetInt32();
            string? type = null;
            string? reason = null;
            if (result.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            {
                type = error.TryGetProperty("type", out var t) ? t.GetString() : null;
                reason = error.TryGetProperty("reason", out var r) ? r.GetString() : null;
            }

            items.Add(new Item(EndOf(status), OneLine.From($"{status}: {type}: {reason}")));
        }
    }

    private static RecordEnd EndOf(int status) => status switch
    {
        // 409: an earlier try of the same record was carried out after all.
        (>= 200 and < 300) or 409 => RecordEnd.Delivered,
        429 or >= 500 => RecordEnd.Again,
        _ => RecordEnd.Refused,
    };

    private readonly record struct Item(RecordEnd End, string Reason);
}
