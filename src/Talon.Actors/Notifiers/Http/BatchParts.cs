using System.Collections.Immutable;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.Http;

/// <summary>Sends a batch in as few requests as a bound on their size allows, and puts the answers together.</summary>
internal static class BatchParts
{
    /// <summary>How many bytes of records one request carries: 1 MiB. One record that is larger goes alone.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>What follows from an answer about all of a request: what no other content would change ends every record at once.</summary>
    /// <param name="count">How many records the request carried.</param>
    public static NotifyResult Judge(NotifierHttp http, HttpAnswer answer, int count) =>
        count > 1 && answer.Status is (>= 300 and < 400) or 401 or 403 or 404 or 405
            ? new NotifyResult.Troubled(http.Reason(answer)) { Ends = [.. Enumerable.Repeat(RecordEnd.Refused, count)] }
            : http.Judge(answer);

    /// <summary>Sends the parts one after the other, up to the first after which something is to be sent again.</summary>
    /// <param name="items">The records of the batch, each as it is sent.</param>
    /// <param name="bytes">The size of one.</param>
    /// <param name="send">Sends a part.</param>
    public static async Task<NotifyResult> SendAsync<T>(ImmutableArray<T> items, Func<T, int> bytes, Func<ImmutableArray<T>, Task<NotifyResult>> send)
    {
        var ends = ImmutableArray.CreateBuilder<RecordEnd>(items.Length);
        NotifyResult.Troubled? trouble = null;
        while (ends.Count < items.Length && !ends.Contains(RecordEnd.Again))
        {
            var part = Next(items, ends.Count, bytes);
            var result = await send(part);
            if (part.Length == items.Length || (result is NotifyResult.Refused && ends.Count == 0))
            {
                return result;
            }

            // A part that was refused is the first of the next try, which is refused as a whole and then halved.
            trouble = result switch
            {
                NotifyResult.Troubled troubled => troubled,
                NotifyResult.Refused refused => new NotifyResult.Troubled(refused.Reason),
                _ => trouble,
            };
            ends.AddRange(EndsOf(result, part.Length));
        }

        ends.AddRange(Enumerable.Repeat(RecordEnd.Again, items.Length - ends.Count));
        return trouble is null ? new NotifyResult.Delivered() : trouble with { Ends = ends.ToImmutable() };
    }

    private static ImmutableArray<T> Next<T>(ImmutableArray<T> items, int from, Func<T, int> bytes)
    {
        int to = from + 1;
        for (int size = bytes(items[from]); to < items.Length && (size += bytes(items[to])) <= MostBytes;)
        {
            to++;
        }

        return items[from..to];
    }

    private static IEnumerable<RecordEnd> EndsOf(NotifyResult result, int count) => result switch
    {
        NotifyResult.Delivered => Enumerable.Repeat(RecordEnd.Delivered, count),
        NotifyResult.Troubled { Ends: { IsDefaultOrEmpty: false } ends } => ends,
        _ => Enumerable.Repeat(RecordEnd.Again, count),
    };
}
