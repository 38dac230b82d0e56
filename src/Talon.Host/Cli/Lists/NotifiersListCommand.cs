using System.CommandLine;
using Talon.Host.Composition;
using Talon.Rules.Catalog;

namespace Talon.Host.Cli.Lists;

/// <summary><c>talon notifiers list</c>.</summary>
internal static class NotifiersListCommand
{
    public static Command Make(CliContext context, SharedOptions shared) => ListCommand.Make(context, shared, "notifiers", catalog => catalog.Notifiers.Select(Describe));

    private static ListedItem Describe(NotifierDescriptor descriptor) => new(
        descriptor.Name,
        [
            new("name", descriptor.Name),
            new("description", descriptor.Description),
            new("parameters", descriptor.Settings.Specs.IsEmpty ? "" : descriptor.Settings),
            new("permissions", descriptor.Permissions),
            new("example", descriptor.Example),
        ],
        descriptor.IsBuilt);
}
