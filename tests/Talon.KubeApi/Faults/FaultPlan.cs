using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Talon.KubeApi.Api;

namespace Talon.KubeApi;

/// <summary>
/// The rules of fault injection, in order. Latencies of all rules that match add up; of the other effects the first one counts.
/// </summary>
public sealed class FaultPlan
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly List<Entry> _entries = [];

    internal FaultPlan(Random random) => _random = random;

    private sealed class Entry(FaultRule rule)
    {
        public FaultRule Rule { get; } = rule;

        public int Hits { get; set; }
    }

    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_gate)
                return [.. _entries.Select(e => e.Rule)];
        }
    }

    public void Add(FaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        lock (_gate)
            _entries.Add(new Entry(rule));
    }

    /// <summary>Takes a rule out that was added.</summary>
    public void Remove(FaultRule rule)
    {
        lock (_gate)
            _entries.RemoveAll(e => ReferenceEquals(e.Rule, rule));
    }

    public void Clear()
    {
        lock (_gate)
            _entries.Clear();
    }

    /// <returns>How many requests have met the rule since it was added.</returns>
    public int HitsOf(FaultRule rule)
    {
        lock (_gate)
            return _entries.Where(e => ReferenceEquals(e.Rule, rule)).Sum(e => e.Hits);
    }

    internal Drawn Draw(RequestInfo request)
    {
        lock (_gate)
        {
            var latency = TimeSpan.Zero;
            FaultRule? effect = null;
            var until = new List<Task>();
            var labels = ImmutableArray.CreateBuilder<string>();
            foreach (var entry in _entries)
            {
                var rule = entry.Rule;
                if ((effect is not null && rule.Kind != FaultKind.None) || !Fits(rule, request))
                    continue;
                if (entry.Hits >= (rule.Times ?? int.MaxValue) || _random.NextDouble() >= rule.Probability)
                    continue;
                entry.Hits++;
                latency += rule.Latency;
                if (rule.Until is { } task)
                    until.Add(task);
                labels.Add(rule.Label ?? (rule.Kind == FaultKind.None ? "Latency" : rule.Kind.ToString()));
                if (rule.Kind != FaultKind.None)
                    effect = rule;
            }

            return new Drawn(latency, Task.WhenAll(until), effect, labels.Count == 0 ? null : string.Join('+', labels));
        }
    }

    internal sealed record Drawn(TimeSpan Latency, Task Until, FaultRule? Effect, string? Label);

    private static bool Fits(FaultRule rule, RequestInfo request) =>
        (rule.Verbs.Count == 0 || rule.Verbs.Contains(request.Verb, StringComparer.Ordinal))
        && (rule.Resource is null || rule.Resource == request.Resource)
        && (rule.Subresource is null || rule.Subresource == (request.Subresource ?? ""))
        && Fits(rule.Namespace, request.Namespace)
        && Fits(rule.Name, request.Name);

    private static bool Fits(string? pattern, string? value) =>
        pattern is null || (value is not null && Regex.IsMatch(value, pattern, RegexOptions.ExplicitCapture, MatchTimeout));
}
