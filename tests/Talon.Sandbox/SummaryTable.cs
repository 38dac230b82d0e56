using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi;

namespace Talon.Sandbox;

/// <summary>Counts what became of a file of events.</summary>
internal sealed class SummaryTable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Rule, string Actionner), SortedDictionary<string, int>> _actions = [];
    private readonly SortedDictionary<string, int> _reasons = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, int> _answers = [];

    /// <summary>How many events were answered with another status than 200.</summary>
    public int Refused
    {
        get
        {
            lock (_gate)
                return _answers.Where(a => a.Key != 200).Sum(a => a.Value);
        }
    }

    /// <summary>Takes the final outcomes of actions out of Talon's log.</summary>
    public void HearLog(JsonObject line)
    {
        string status = line["status"]?.ToString() ?? "";
        if (line["message"]?.ToString() is not "action" || status is not ("success" or "ignored" or "failure"))
            return;
        lock (_gate)
        {
            var key = (line["rule"]?.ToString() ?? "", line["actionner"]?.ToString() ?? "");
            if (!_actions.TryGetValue(key, out var statuses))
                _actions.Add(key, statuses = new(StringComparer.Ordinal));
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            if (status == "ignored" || status == "failure")
            {
                string reason = $"{status}: {(line[status == "ignored" ? "result" : "error"]?.ToString() ?? "").Split(": ")[0]}";
                _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
            }
        }
    }

    /// <summary>Counts an answer.</summary>
    public void HearAnswer(int status)
    {
        lock (_gate)
            _answers[status] = _answers.GetValueOrDefault(status) + 1;
    }

    /// <summary>Prints the table.</summary>
    public void Print(Screen screen, EffectRecord effects)
    {
        lock (_gate)
        {
            screen.Title("Answers of talon");
            foreach (var (status, count) in _answers)
                screen.Line(Row($"HTTP {status}", count));
            screen.Line();
            screen.Title("Outcomes of actions");
            foreach (var ((rule, actionner), statuses) in _actions)
            {
                foreach (var (status, count) in statuses)
                    screen.Line(Row($"{rule}, {actionner}: {status}", count));
            }

            if (_actions.Count == 0)
                screen.Line("  none: no rule matched");
            foreach (var (reason, count) in _reasons.OrderByDescending(r => r.Value))
                screen.Faint(Row($"  {reason}", count));
            screen.Line();
            screen.Title("Changes in Kubernetes");
            foreach (var group in effects.All.GroupBy(e => $"{e.Verb} {e.Resource}", StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
                screen.Line(Row(group.Key, group.Count()));
            if (effects.Count == 0)
                screen.Line("  none");
        }
    }

    private static string Row(string what, int count) => string.Create(CultureInfo.InvariantCulture, $"  {(what.Length > 90 ? what[..89] + "…" : what),-90} {count,6}");
}
