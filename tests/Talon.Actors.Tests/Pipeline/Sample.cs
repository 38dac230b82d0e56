using System.Text;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Pipeline;

/// <summary>Events and plans for tests.</summary>
internal static class Sample
{
    public static FalcoEvent Event(string output = "a shell", string pod = "cart-0") => FalcoEventParser.Parse(Encoding.UTF8.GetBytes(
        $$$"""
        {"output":"{{{output}}}","priority":"Notice","rule":"Terminal shell in container","source":"syscall","hostname":"node-1",
         "time":"2026-11-24T08:00:00Z","tags":["shell"],"output_fields":{"k8s.ns.name":"shop","k8s.pod.name":"{{{pod}}}"}}
        """)).Event!;

    public static EventPlan Plan(params PlannedRule[] rules) => new("hash", [.. rules]);

    public static PlannedRule Rule(string name, params PlannedAction[] actions) => new(name, DryRun: false, [], [.. actions]);

    public static PlannedAction Action(int position, string actionner = "kubernetes:fake") => new()
    {
        Position = position,
        Name = $"action {position}",
        Actionner = ActionnerName.Parse(actionner),
        Parameters = ParameterMap.Empty,
        IgnoreErrors = false,
    };

    public static EventPlan OneAction(string actionner = "kubernetes:fake") => Plan(Rule("rule", Action(0, actionner)));
}
