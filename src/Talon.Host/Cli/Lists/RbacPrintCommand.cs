using System.CommandLine;
using Talon.Actors.Plugins.Rbac;
using Talon.Host.Composition;
using Talon.Host.Configuration;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;
using Talon.Rules.Text;

namespace Talon.Host.Cli.Lists;

/// <summary><c>talon rbac print</c>.</summary>
internal static class RbacPrintCommand
{
    private const string DefaultName = "falco-talon";

    public static Command Make(CliContext context, SharedOptions shared)
    {
        var rules = shared.Rules;
        var config = shared.Config;
        var lenient = CliOptions.Lenient();
        var ownNamespace = Name("--namespace", "The namespace that Talon runs in.", "-n");
        var account = Name("--service-account", "The service account that Talon runs as.");
        var name = Name("--name", "The name of the roles and their bindings.");
        var command = new TalonCommand(
            "print",
            "Print the rights in Kubernetes that rule files need.",
            """
            The result is a ClusterRole with its binding, and a Role with its binding for each namespace in which a right is only
            needed there. It holds what the actionners, contexts and notifiers of the rules need with their parameters, those of
            'default_notifiers' in the configuration included, and nothing else. What they need of a cloud or an object store, IAM
            actions or roles, stands in comments before it.
            Exit code 0: printed; 1: the rules are not valid, and nothing is printed.

            Examples:
              talon rbac print -r rules.yaml | kubectl apply -f -
              talon rbac print -r rules.yaml -n security --service-account talon
            """)
        {
            rules, config, lenient, ownNamespace, account, name,
        };
        command.SetAction((parsed, _) => RunAsync(
            context,
            parsed.GetValue(rules) ?? [],
            parsed.GetValue(config),
            parsed.GetValue(lenient),
            parsed.GetValue(ownNamespace)!,
            new RbacYaml(parsed.GetValue(name)!, parsed.GetValue(account)!, parsed.GetValue(ownNamespace)!)));
        return command;
    }

    /// <param name="files">The rule files; none means those of the configuration.</param>
    /// <param name="configFile">The configuration file; null for the default one.</param>
    public static async Task<int> RunAsync(
        CliContext context, IReadOnlyList<string> files, string? configFile, bool lenient, string ownNamespace, RbacYaml yaml)
    {
        // Without rule files the configuration is read in any case; with them only when one is named, as for the other commands.
        var config = files.Count > 0 && configFile is null ? null : ConfigReader.Read(configFile, context.Environment);
        if (config is { Options: null })
        {
            await ConfigErrors.PrintAsync(context, config);
            return ExitCodes.NotFine;
        }

        var result = RuleLoader.LoadFromDisk(
            files.Count > 0 ? files : config!.Options!.RulesFiles, context.Catalog, new RuleLoadOptions { Lenient = lenient });
        await RuleErrors.PrintAsync(context, result);
        if (result.Rules is not { } loaded)
        {
            return ExitCodes.NotFine;
        }

        var needs = new RbacNeeds(context.Catalog, ownNamespace);
        needs.Add(loaded);
        foreach (string notifier in config?.Options?.DefaultNotifiers ?? [])
        {
            needs.AddNotifier(notifier);
        }

        await context.Out.WriteAsync(yaml.Write(needs.Rights, needs.Outside));
        return ExitCodes.Fine;
    }

    private static Option<string> Name(string option, string description, params string[] aliases)
    {
        var made = new Option<string>(option, aliases)
        {
            Description = $"{description} Default: {DefaultName}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => DefaultName,
        };
        made.Validators.Add(result =>
        {
            if (!Dns1123.IsLabel(result.GetValueOrDefault<string>()))
            {
                result.AddError($"{option} must be a name: {Dns1123.LabelForm}");
            }
        });
        return made;
    }
}
