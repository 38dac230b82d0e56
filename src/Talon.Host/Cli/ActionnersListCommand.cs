using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Talon.Rules.Plugins;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Talon.Host.Cli;

/// <summary><c>talon actionners list</c>.</summary>
internal static class ActionnersListCommand
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the command.</summary>
    public static Command Make(CliContext context)
    {
        var output = CliOptions.Output();
        var command = new TalonCommand(
            "list",
            "List the actionners with their parameters, the rights they need, and an example.",
            """
            Examples:
              talon actionners list
              talon actionners list -o json
            """)
        {
            output,
        };
        command.SetAction((parsed, _) => RunAsync(context, parsed.GetValue(output) == "json"));
        return command;
    }

    /// <summary>Prints the catalogue.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="asJson">Whether as one JSON list.</param>
    public static async Task<int> RunAsync(CliContext context, bool asJson)
    {
        if (asJson)
        {
            await context.Out.WriteLineAsync(JsonSerializer.Serialize(context.Catalog.Actionners.Select(Describe), Json));
            return ExitCodes.Fine;
        }

        var yaml = new SerializerBuilder().WithEventEmitter(next => new LiteralBlocks(next)).Build();
        foreach (var descriptor in context.Catalog.Actionners)
        {
            await context.Out.WriteLineAsync($"--- {descriptor.Name} ---\n\n{yaml.Serialize(Describe(descriptor))}");
        }

        return ExitCodes.Fine;
    }

    // The keys and their order are those of the original; what is empty there is left out here too.
    private static Dictionary<string, object> Describe(ActionnerDescriptor descriptor)
    {
        var result = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["parameters"] = descriptor.Parameters.Specs
                .OrderBy(spec => spec.Name, StringComparer.Ordinal)
                .ToDictionary(spec => spec.Required ? $"{spec.Name} (required)" : spec.Name, spec => spec.DefaultText, StringComparer.Ordinal),
            ["name"] = descriptor.Name.Name,
            ["category"] = descriptor.Name.Category,
            ["description"] = descriptor.Description,
            ["source"] = descriptor.Sources.ToArray(),
        };
        if (descriptor.Rbac.Length + descriptor.Permissions.Length > 0)
        {
            result["permissions"] = descriptor.Rbac + descriptor.Permissions;
        }

        if (descriptor.Example.Length > 0)
        {
            result["example"] = descriptor.Example;
        }

        result["required_output_fields"] = descriptor.RequiredFields.ToArray();
        result["continue"] = descriptor.ContinueByDefault;
        result["use_context"] = descriptor.UsesContexts;
        result["allow_output"] = descriptor.Output is OutputUse.Allowed or OutputUse.Required;
        result["require_output"] = descriptor.Output is OutputUse.Required;
        return result;
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
