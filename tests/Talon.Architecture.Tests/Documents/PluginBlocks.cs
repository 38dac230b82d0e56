using System.Text;
using Talon.Rules.Catalog;

namespace Talon.Architecture.Tests.Documents;

/// <summary>What the descriptors of the plug-ins say, as Markdown: the same that the <c>list</c> commands print.</summary>
internal static class PluginBlocks
{
    private const string NotBuilt = "**Not in this version.** Talon checks what rules and configuration say about it, and refuses a rule that uses it.\n\n";

    public static string Index(IPluginCatalog catalog) => MarkdownTable.Of(
        ["actionner", "what it does", ""],
        catalog.Actionners.Select(actionner => (IReadOnlyList<string>)
        [
            $"[`{actionner.Name}`]({FileOf(actionner)})", MarkdownTable.Text(actionner.Description), actionner.IsBuilt ? "" : "not in this version",
        ]));

    public static string FileOf(ActionnerDescriptor actionner) => $"{actionner.Name.ToString().Replace(':', '-')}.md";

    public static string Of(ActionnerDescriptor actionner)
    {
        var text = new StringBuilder(actionner.IsBuilt ? "" : NotBuilt).Append(actionner.Description).Append("\n\n").Append(MarkdownTable.Of(
            ["", ""],
            [
                ["usual source", string.Join(", ", actionner.Sources.Select(MarkdownTable.Literal))],
                ["fields it needs", actionner.RequiredFields.IsEmpty ? "none" : string.Join(", ", actionner.RequiredFields.Select(MarkdownTable.Literal))],
                ["next action of the rule", actionner.ContinueByDefault ? "runs, unless `continue: false`" : "does not run, unless `continue: true`"],
                ["`output`", actionner.Output switch { OutputUse.Required => "required", OutputUse.Allowed => "optional", _ => "not allowed" }],
                ["`additional_contexts`", actionner.UsesContexts ? "yes" : "no"],
                ["when its node dies", actionner.RepeatSafe ? "another node runs it again" : "it ends as `interrupted`, unless `retry_interrupted: true`"],
                ["lane", actionner.LongRunning ? "long" : "short"],
            ]));
        Add(text, "## Parameters", actionner.Parameters, "It takes no parameters.");
        Add(text, "## Example", actionner.Example, "yaml");
        Add(text, "## Rights", actionner.Rbac, "yaml");
        Add(text, actionner.Rbac.Length > 0 ? "" : "## Rights", actionner.Permissions, "text");
        return text.ToString();
    }

    public static string Of(OutputDescriptor output)
    {
        var text = Section(output.Name, output.IsBuilt).Append(output.Description);
        Add(text, "", output.Parameters, "It takes no parameters.");
        Add(text, "", output.Example, "yaml");
        Add(text, "Rights:", output.Permissions, "text");
        return text.ToString();
    }

    public static string Of(NotifierDescriptor notifier)
    {
        var text = Section(notifier.Name, notifier.IsBuilt).Append(notifier.Description);
        Add(text, "", notifier.Settings, "It takes no settings.");
        Add(text, "", notifier.Example, "yaml");
        Add(text, "Rights:", notifier.Permissions, notifier.Permissions.StartsWith("apiVersion:", StringComparison.Ordinal) ? "yaml" : "text");
        return text.ToString();
    }

    public static string Contexts(IPluginCatalog catalog) => MarkdownTable.Of(
        ["context", "what it looks up", "variables"],
        catalog.Contexts.Select(context => (IReadOnlyList<string>)
        [
            MarkdownTable.Literal(context.Name),
            MarkdownTable.Text(context.Description) + (context.IsBuilt ? "" : " Not in this version."),
            string.Join(", ", context.Keys.Select(key => MarkdownTable.Literal(key.ToUpperInvariant().Replace('.', '_')))),
        ]));

    private static void Add(StringBuilder text, string heading, ParameterSchema schema, string none)
    {
        Heading(text, heading);
        text.Append(schema.Specs.IsEmpty
            ? none
            : MarkdownTable.Of(
                [schema.Word, "type", "default", "meaning"],
                schema.Specs.Select(spec => (IReadOnlyList<string>)
                [
                    MarkdownTable.Literal(spec.Name),
                    WordFor(spec.Type),
                    spec.Required ? "required" : MarkdownTable.Text(spec.DefaultText),
                    MarkdownTable.Text(spec.Description),
                ])));
    }

    private static void Add(StringBuilder text, string heading, string what, string language)
    {
        if (what.Length > 0)
        {
            Heading(text, heading);
            text.Append("```").Append(language).Append('\n').Append(what.Trim('\n')).Append("\n```");
        }
    }

    private static StringBuilder Section(string name, bool isBuilt) => new StringBuilder("## `").Append(name).Append("`\n\n").Append(isBuilt ? "" : NotBuilt);

    private static void Heading(StringBuilder text, string heading) => text.Append("\n\n").Append(heading).Append(heading.Length > 0 ? "\n\n" : "");

    private static string WordFor(ParameterType type) => type switch
    {
        ParameterType.Text => "text",
        ParameterType.Whole => "number",
        ParameterType.Flag => "flag",
        ParameterType.TextList => "list",
        _ => "map",
    };
}
