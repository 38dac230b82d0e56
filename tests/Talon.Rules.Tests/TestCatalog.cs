using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Rules.Tests;

/// <summary>A handful of plug-ins, built and not, that cover every rule of validation.</summary>
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
        Make("kubernetes:exec", continues: true, contexts: true, parameters: [Spec("command", ParameterType.Text) with { Required = true }]) with { FailsAtWillOfContainer = true },
        Make("kubernetes:log", continues: true, output: OutputUse.Allowed, parameters: [Spec("tail_lines", ParameterType.Whole)]) with { FailsAtWillOfContainer = true },
        Make("kubernetes:download", continues: true, output: OutputUse.Required, parameters: [Spec("file", ParameterType.Text) with { Required = true }]) with { FailsAtWillOfContainer = true },
        Make("kubernetes:script", continues: true, contexts: true, parameters: [Spec("script", ParameterType.Text) with { Required = true }]) with { FailsAtWillOfContainer = true, IsBuilt = false },
        Make("kubernetes:tcpdump", continues: false, output: OutputUse.Required, parameters: [Spec("duration", ParameterType.Whole)]) with { FailsAtWillOfContainer = true, IsBuilt = false },
    ];

    public ImmutableArray<OutputDescriptor> Outputs { get; } =
    [
        Output("local:file", Spec("destination", ParameterType.Text) with { Required = true }),
        Output("minio:s3", Spec("bucket", ParameterType.Text) with { Required = true }, Spec("prefix", ParameterType.Text)) with { IsBuilt = false },
        Output(
            "aws:s3",
            Spec("bucket", ParameterType.Text) with { Required = true, Check = value => value is ParameterValue.Text { Value: "" } ? "must not be empty" : null },
            Spec("prefix", ParameterType.Text),
            Spec("region", ParameterType.Text)),
    ];

    public ImmutableArray<NotifierDescriptor> Notifiers { get; } =
    [
        Notifier("slack"),
        Notifier("smtp") with { IsBuilt = false },
        Notifier("loki"),
    ];

    public ImmutableArray<ContextDescriptor> Contexts { get; } =
    [
        new() { Name = "aws", Description = "aws", Keys = [], Rbac = "", IsBuilt = true },
        new() { Name = "k8snode", Description = "k8snode", Keys = [], Rbac = "", IsBuilt = true },
        new() { Name = "k8spod", Description = "k8spod", Keys = [], Rbac = "", IsBuilt = false },
    ];

    public ActionnerDescriptor? FindActionner(ActionnerName name) => Actionners.FirstOrDefault(actionner => actionner.Name == name);

    private static ParameterSpec Spec(string name, ParameterType type) => new() { Name = name, Type = type, Description = $"The {name}." };

    private static OutputDescriptor Output(string name, params ImmutableArray<ParameterSpec> parameters) =>
        new() { Name = name, Description = name, Parameters = new ParameterSchema(parameters), Permissions = "", Example = "", IsBuilt = true };

    private static NotifierDescriptor Notifier(string name) =>
        new() { Name = name, Description = name, Settings = ParameterSchema.None, Permissions = "", Example = "", IsBuilt = true };

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
