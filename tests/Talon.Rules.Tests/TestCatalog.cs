using System.Collections.Immutable;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Rules.Tests;

/// <summary>A handful of actionners that cover every rule of validation.</summary>
public sealed class TestCatalog : IPluginCatalog
{
    public static TestCatalog Instance { get; } = new();

    public ImmutableArray<ActionnerDescriptor> Actionners { get; } =
    [
        Make("kubernetes:terminate", continues: false, destructive: true, parameters:
        [
            Spec("grace_period_seconds", ParameterType.Whole) with { Check = value => value is ParameterValue.Whole { Value: < 0 } ? "must not be negative" : null },
            Spec("ignore_daemonsets", ParameterType.Flag),
            Spec("ignore_statefulsets", ParameterType.Flag),
            Spec("ignore_standalone_pods", ParameterType.Flag),
            Spec("min_healthy_replicas", ParameterType.Text),
        ]),
        Make("kubernetes:label", continues: true, parameters:
        [
            Spec("labels", ParameterType.TextMap) with { Required = true },
            Spec("level", ParameterType.Text),
        ]),
        Make("kubernetes:networkpolicy", continues: true, parameters:
        [
            Spec("allow_cidr", ParameterType.TextList),
            Spec("allow_namespaces", ParameterType.TextList),
        ]),
        Make("kubernetes:exec", continues: true, contexts: true, parameters: [Spec("command", ParameterType.Text) with { Required = true }]),
        Make("kubernetes:log", continues: true, output: OutputUse.Allowed, parameters: [Spec("tail_lines", ParameterType.Whole)]),
        Make("kubernetes:download", continues: true, output: OutputUse.Required, parameters: [Spec("file", ParameterType.Text) with { Required = true }]),
    ];

    public ImmutableArray<OutputDescriptor> Outputs { get; } = [];

    public ImmutableArray<NotifierDescriptor> Notifiers { get; } = [];

    public ImmutableArray<ContextDescriptor> Contexts { get; } = [];

    public ActionnerDescriptor? FindActionner(ActionnerName name) => Actionners.FirstOrDefault(actionner => actionner.Name == name);

    private static ParameterSpec Spec(string name, ParameterType type) => new() { Name = name, Type = type, Description = $"The {name}." };

    private static ActionnerDescriptor Make(
        string name, bool continues, ImmutableArray<ParameterSpec> parameters, bool contexts = false, bool destructive = false, OutputUse output = OutputUse.None) => new()
        {
            Name = ActionnerName.Parse(name),
            Description = name,
            Sources = ["syscall"],
            RequiredFields = [],
            ContinueByDefault = continues,
            UsesContexts = contexts,
            Output = output,
            RepeatSafe = true,
            UidPrecondition = true,
            LongRunning = false,
            Destructive = destructive,
            Parameters = new ParameterSchema(parameters),
            Example = "",
            Rbac = "",
        };
}
