using System.CommandLine;
using Talon.Host.Composition;
using Talon.Rules.Catalog;

namespace Talon.Host.Cli.Lists;

/// <summary><c>talon outputs list</c>.</summary>
internal static class OutputsListCommand
{
    public static Command Make(CliContext context, SharedOptions shared) => ListCommand.Make(context, shared, "outputs", catalog => catalog.Outputs.Select(Describe));

    private static ListedItem Describe(OutputDescriptor descriptor) => new(
        descriptor.Name,
        [
            new("name", descriptor.Name[(descriptor.Name.IndexOf(':', StringComparison.Ordinal) + 1)..]),
            new("category", descriptor.Name.Split(':')[0]),
            new("description", descriptor.Description),
            new("parameters", descriptor.Parameters),
            new("permissions", descriptor.Permissions),
            new("example", descriptor.Example),
        ],
        descriptor.IsBuilt);
}
