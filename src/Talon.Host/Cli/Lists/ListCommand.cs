using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Talon.Host.Composition;
using Talon.Host.Logging;
using Talon.Rules.Catalog;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Talon.Host.Cli.Lists;

/// <summary>The commands that list a kind of plug-in. The keys and their order are those of the original; what is empty there is left out here too.</summary>
internal static class ListCommand
{
    private const string Available = "available";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="kind">What is listed, in the plural.</param>
    public static Command Make(CliContext context, SharedOptions shared, string kind, Func<IPluginCatalog, IEnumerable<ListedItem>> items)
    {
        var output = CliOptions.Output();
        var command = new TalonCommand(
            "list",
            $"List the {kind} with their parameters, the rights they need, and an example.",
            $"""
            What this version cannot run yet says 'available: false'. With -o json each parameter also says its type (text, number,
            flag, list or map), what it means, and whether it is secret. The list is the same whatever -c and -r name: they are taken,
            as the original takes them, and nothing is read.

            Examples:
              talon {kind} list
              talon {kind} list -o json
            """)
        {
            output, shared.Config, shared.Rules,
        };
        command.SetAction((parsed, _) => RunAsync(context, items, parsed.GetValue(output) == "json"));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, Func<IPluginCatalog, IEnumerable<ListedItem>> items, bool asJson)
    {
        if (asJson)
        {
            var all = items(context.Catalog).Select(item => ToMap(item, sayAvailable: true, AsObjects));
            await context.Out.WriteLineAsync(Printable.OfDocument(JsonSerializer.Serialize(all, Json)));
            return ExitCodes.Fine;
        }

        var yaml = new SerializerBuilder().WithEventEmitter(next => new LiteralBlocks(next)).Build();
        foreach (var item in items(context.Catalog))
        {
            await context.Out.WriteLineAsync($"--- {item.Name} ---\n\n{yaml.Serialize(ToMap(item, sayAvailable: !item.IsBuilt, AsTexts))}");
        }

        return ExitCodes.Fine;
    }

    private static Dictionary<string, object> ToMap(ListedItem item, bool sayAvailable, Func<IEnumerable<ParameterSpec>, object> parameters)
    {
        var map = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (key, value) in item.Keys.Where(key => key.Value is not ""))
        {
            map[key] = value is ParameterSchema schema ? parameters(schema.Specs.OrderBy(spec => spec.Name, StringComparer.Ordinal)) : value;
        }

        if (sayAvailable)
        {
            map[Available] = item.IsBuilt;
        }

        return map;
    }

    // The form of the original: the name, and the default.
    private static Dictionary<string, string> AsTexts(IEnumerable<ParameterSpec> specs) =>
        specs.ToDictionary(spec => spec.Required ? $"{spec.Name} (required)" : spec.Name, spec => spec.DefaultText, StringComparer.Ordinal);

    private static IEnumerable<Dictionary<string, object>> AsObjects(IEnumerable<ParameterSpec> specs) => specs.Select(spec =>
    {
        var map = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = spec.Name,
            ["type"] = WordFor(spec.Type),
            ["required"] = spec.Required,
            ["default"] = spec.DefaultText,
            ["description"] = spec.Description,
        };
        if (spec.IsSecret)
        {
            map["secret"] = true;
        }

        return map;
    });

    private static string WordFor(ParameterType type) => type switch
    {
        ParameterType.Text => "text",
        ParameterType.Whole => "number",
        ParameterType.Flag => "flag",
        ParameterType.TextList => "list",
        _ => "map",
    };

    private sealed class LiteralBlocks(IEventEmitter next) : YamlDotNet.Serialization.EventEmitters.ChainedEventEmitter(next)
    {
        public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
        {
            if (eventInfo.Source.Value is string text && text.Contains('\n', StringComparison.Ordinal))
            {
                eventInfo.Style = ScalarStyle.Literal;
            }

            base.Emit(eventInfo, emitter);
        }
    }
}
