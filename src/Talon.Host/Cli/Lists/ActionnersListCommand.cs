using System.CommandLine;
using Talon.Host.Composition;
using Talon.Rules.Catalog;

namespace Talon.Host.Cli.Lists;

/// <summary><c>talon actionners list</c>.</summary>
internal static class ActionnersListCommand
{
    public static Command Make(CliContext context, SharedOptions shared) => ListCommand.Make(context, shared, "actionners", catalog => catalog.Actionners.Select(Describe));

    private static ListedItem Describe(ActionnerDescriptor descriptor) => new(
        descriptor.Name.ToString(),
        [
            new("parameters", descriptor.Parameters),
            new("name", descriptor.Name.Name),
            new("category", descriptor.Name.Category),
            new("description", descriptor.Description),
            new("source", descriptor.Sources.ToArray()),
            new("permissions", descriptor.Rbac + descriptor.Permissions),
            new("example", descriptor.Example),
            new("required_output_fields", descriptor.RequiredFields.ToArray()),
            new("continue", descriptor.ContinueByDefault),
            new("use_context", descriptor.UsesContexts),
            new("allow_output", descriptor.Output is OutputUse.Allowed or OutputUse.Required),
            new("require_output", descriptor.Output is OutputUse.Required),
        ],
        descriptor.IsBuilt);
}
