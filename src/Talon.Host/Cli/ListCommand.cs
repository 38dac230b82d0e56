using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Talon.Rules.Plugins;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Talon.Host.Cli;

/// <summary>The commands that list a kind of plug-in. The keys and their order are those of the original; what is empty there is left out here too.</summary>
internal static class ListCommand
{
    private const string Available = "available";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the command.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="kind">What is listed, in the plural.</param>
    /// <param name="items">The items of a catalog.</param>
    public static Command Make(CliContext context, string kind, Func<IPluginCatalog, IEnumerable<ListedItem>> items)
    {
        var output = CliOptions.Output();
        var command = new TalonCommand(
            "list",
            $"List the {kind} with their parameters, the rights they need, and an example.",
            $"""
            What this version cannot run yet says 'available: false'.

            Examples:
              talon {kind} list
              talon {kind} list -o json
            """)
        {
            output,
        };
        command.SetAction((parsed, _) => RunAsync(context, items, parsed.GetValue(output) == "json"));
        return command;
    }

    /// <summary>The parameters with their defaults, in the order of their names.</summary>
    /// <param name="schema">What may be given.</param>
    public static Dictionary<string, string> Parameters(ParameterSchema schema) => schema.Specs
        .OrderBy(spec => spec.Name, StringComparer.Ordinal)
        .ToDictionary(spec => spec.Required ? $"{spec.Name} (required)" : spec.Name, spec => spec.DefaultText, StringComparer.Ordinal);

    private static async Task<int> RunAsync(CliContext context, Func<IPluginCatalog, IEnumerable<ListedItem>> items, bool asJson)
    {
        if (asJson)
        {
            var all = items(context.Catalog).Select(item => ToMap(item, sayAvailable: true));
            await context.Out.WriteLineAsync(JsonSerializer.Serialize(all, Json));
            return ExitCodes.Fine;
        }

        var yaml = new SerializerBuilder().WithEventEmitter(next => new LiteralBlocks(next)).Build();
        foreach (var item in items(context.Catalog))
        {
            await context.Out.WriteLineAsync($"--- {item.Name} ---\n\n{yaml.Serialize(ToMap(item, sayAvailable: !item.IsBuilt))}");
        }

        return ExitCodes.Fine;
    }

    private static Dictionary<string, object> ToMap(ListedItem item, bool sayAvailable)
    {
        var map = new Dictionary<string, object>(item.Keys.Where(key => key.Value is not ""), StringComparer.Ordinal);
        if (sayAvailable)
        {
            map[Available] = item.IsBuilt;
        }

        return map;
    }

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
