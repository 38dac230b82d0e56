using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Talon.Chaos.Records;

namespace Talon.Chaos.Load;

/// <summary>
/// Posts numbered events round-robin at a bounded rate, as a careful sender: what is refused goes to the next node, and every second
/// posting whose answer was cut off too. Every answer is recorded, with its times.
/// </summary>
internal sealed class LoadClient : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _client;
    private readonly Func<IReadOnlyList<Uri>> _nodes;
    private readonly LoadPlan _plan;
    private readonly int _seed;
    private readonly TimeProvider _clock;
    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly SemaphoreSlim _room;
    private int _posting;

    /// <param name="nodes">Where the nodes take events; asked before each posting.</param>
    /// <param name="plan">How much is posted.</param>
    /// <param name="seed">Decides which events have copies and when these follow.</param>
    /// <param name="clock">The clock.</param>
    public LoadClient(Func<IReadOnlyList<Uri>> nodes, LoadPlan plan, int seed, TimeProvider clock)
    {
        _nodes = nodes;
        _plan = plan;
        _seed = seed;
        _clock = clock;
        _room = new SemaphoreSlim(plan.MaxInFlight);
        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromSeconds(10),
        })
        {
            Timeout = plan.AnswerDeadline,
        };
    }

    /// <summary>All answers so far.</summary>
    public IReadOnlyList<Answer> Answers => [.. _answers];

    /// <summary>How many postings are under way.</summary>
    public int Posting => Volatile.Read(ref _posting);

    /// <summary>Posts the events at the rate of the plan and returns when each has its last answer.</summary>
    /// <param name="events">The events, in order.</param>
    /// <param name="enough">Ends it early: no further event is posted, those that were get their answers and copies.</param>
    /// <param name="ct">Gives up.</param>
    public async Task RunAsync(IReadOnlyList<ChaosEvent> events, CancellationToken enough, CancellationToken ct)
    {
        long begin = _clock.GetTimestamp();
        var posts = new List<Task>();
        for (int i = 0; i < events.Count && !enough.IsCancellationRequested; i++)
        {
            var due = TimeSpan.FromSeconds(i / _plan.Rate) - _clock.GetElapsedTime(begin);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, _clock, ct);
            }

            var chaos = events[i];
            byte[] body = EventBody.Of(chaos, _clock.GetUtcNow());
            posts.Add(PostAsync(chaos.Number, body, chaos.Number, copy: false, TimeSpan.Zero, ct));
            if (_plan.CopyOf(chaos.Number, _seed) is { } delay)
            {
                posts.Add(PostAsync(chaos.Number, body, chaos.Number + 1, copy: true, delay, ct));
            }
        }

        await Task.WhenAll(posts);
    }

    public void Dispose()
    {
        _client.Dispose();
        _room.Dispose();
    }

    private async Task PostAsync(int number, byte[] body, int node, bool copy, TimeSpan delay, CancellationToken ct)
    {
        await Task.Delay(delay, _clock, ct);
        await _room.WaitAsync(ct);
        Interlocked.Increment(ref _posting);
        try
        {
            long begin = _clock.GetTimestamp();
            while (true)
            {
                var answer = await PostOnceAsync(number, body, node, copy, ct);
                _answers.Enqueue(answer);
                bool again = answer.Kind == AnswerKind.Refused || (answer.Kind == AnswerKind.Unknown && number % 2 == 0);
                if (!again || _clock.GetElapsedTime(begin) > _plan.Patience)
                {
                    return;
                }

                node++;
                await Task.Delay(Pause, _clock, ct);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _posting);
            _room.Release();
        }
    }

    private async Task<Answer> PostOnceAsync(int number, byte[] body, int node, bool copy, CancellationToken ct)
    {
        var sent = _clock.GetUtcNow();
        var nodes = _nodes();
        node %= nodes.Count;
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = Json;
            using var response = await _client.PostAsync(nodes[node], content, ct);
            string text = await response.Content.ReadAsStringAsync(ct);
            var kind = response.StatusCode == HttpStatusCode.OK ? AnswerKind.Accepted : AnswerKind.Refused;
            return Answered(kind, (int)response.StatusCode, kind == AnswerKind.Refused ? text.Trim() : "");
        }
        catch (HttpRequestException e)
        {
            // Only a connection that was never made says that nothing was sent.
            bool never = e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;
            return Answered(never ? AnswerKind.Refused : AnswerKind.Unknown, null, e.Message);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return Answered(AnswerKind.Unknown, null, e is OperationCanceledException
                ? string.Create(CultureInfo.InvariantCulture, $"no answer within {_plan.AnswerDeadline.TotalSeconds:0} s")
                : e.Message);
        }

        Answer Answered(AnswerKind kind, int? status, string text) => new(number, node, copy, sent, _clock.GetUtcNow(), kind, status, text);
    }
}
