using System.Collections.Immutable;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Outputs;
using Talon.Actors.Plugins;
using Talon.Host.Composition;
using Talon.Host.Configuration;
using Talon.Host.Logging;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;
using Talon.Rules.Matching;
using Talon.Rules.Planning;

namespace Talon.Host.Cli.Outputs;

/// <summary><c>talon outputs test</c>.</summary>
internal static class OutputsTestCommand
{
    // What an action of default settings has.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly byte[] Content = Encoding.UTF8.GetBytes("Talon wrote this to test an output. It may be deleted.\n");

    public static Command Make(CliContext context, SharedOptions shared)
    {
        var name = new Argument<string>("NAME")
        {
            Description = $"The output: {string.Join(", ", context.Catalog.Outputs.Select(output => output.Name))}.",
        };
        name.AcceptOnlyFromAmong([.. context.Catalog.Outputs.Select(output => output.Name)]);
        var lenient = CliOptions.Lenient();
        var command = new TalonCommand(
            "test",
            "Write a small file to an output for real, and tell what the other side said.",
            """
            Each place that the rules use with this output gets one, with the credentials of the configuration, and it is read back and
            deleted again. That it may not be read or deleted is told and is no failure: Talon does not ask for those rights.
            Exit code 0: every place took it; 1: one did not, the rules or the configuration are wrong, or no rule uses the output.

            Examples:
              talon outputs test aws:s3 -c config.yaml -r rules.yaml
              talon outputs test local:file -r rules.yaml
            """)
        {
            name, shared.Rules, shared.Config, lenient,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, parsed.GetValue(name)!, parsed.GetValue(shared.Rules) ?? [], parsed.GetValue(shared.Config), parsed.GetValue(lenient), cancellationToken));
        return command;
    }

    /// <param name="files">The rule files; none means those of the configuration.</param>
    /// <param name="configFile">The configuration file; null for the default one.</param>
    public static async Task<int> RunAsync(
        CliContext context, string name, IReadOnlyList<string> files, string? configFile, bool lenient, CancellationToken cancellationToken)
    {
        var config = ConfigReader.Read(configFile, context.Environment);
        if (config.Options is not { } options)
        {
            await ConfigErrors.PrintAsync(context, config);
            return ExitCodes.NotFine;
        }

        var result = RuleLoader.LoadFromDisk(files.Count > 0 ? files : options.RulesFiles, context.Catalog, new RuleLoadOptions { Lenient = lenient });
        await RuleErrors.PrintAsync(context, result);
        if (result.Rules is not { } rules)
        {
            return ExitCodes.NotFine;
        }

        var places = PlacesOf(rules, name);
        if (places.IsEmpty)
        {
            await context.Error.WriteLineAsync($"talon: no action of these rules has the output {name}");
            return ExitCodes.NotFine;
        }

        CloudSettings clouds;
        try
        {
            clouds = options.Clouds.WithKeysOfFiles();
        }
        catch (IOException e)
        {
            await context.Error.WriteLineAsync($"talon: {Printable.Of(e.Message)}");
            return ExitCodes.NotFine;
        }

        using var aws = new AwsConnection(clouds.Aws, context.Environment.GetValueOrDefault, context.Time);
        using var gcp = new GcpConnection(clouds.Gcp, context.Time, new GcpEnvironment(context.Environment.GetValueOrDefault));
        var ports = new OutputPorts { Aws = aws, Gcp = gcp, Minio = clouds.Minio, Spool = options.Spool, Clock = context.Time, Jitter = () => 0.5 };
        var output = ServerPipeline.Catalog.CreateOutputs(ports)[name];
        bool fine = true;
        foreach (var place in places)
        {
            fine &= await TestAsync(context, output, place, cancellationToken);
        }

        return fine ? ExitCodes.Fine : ExitCodes.NotFine;
    }

    // One for each set of parameters: several actions may store to one place.
    private static ImmutableArray<Place> PlacesOf(RuleSet rules, string name) =>
    [
        .. rules.Rules
            .SelectMany(rule => rule.Plan.Actions.Select(action => (rule.Plan, Action: action)))
            .Where(each => each.Action.Output?.Target == name)
            .GroupBy(each => each.Action.Output!.Parameters)
            .Select(group => new Place(group.First().Plan.Name, group.First().Action)),
    ];

    private static async Task<bool> TestAsync(CliContext context, IOutput output, Place place, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var scope = new CallScope(context.Time, Deadline, static () => true, either.Token);
        var parameters = place.Action.Output!.Parameters;
        string where = $"{output.Descriptor.Name} of action '{Printable.Of(place.Action.Name)}' in rule '{Printable.Of(place.Rule)}'";
        var test = await output.CheckAsync(parameters, scope) is { } refused
            ? new OutputTest(new StoreResult.Failed(refused), [])
            : await output.TestAsync(parameters, ArtifactFor(place), scope);
        if (test.Result is StoreResult.Failed failed)
        {
            await context.Out.WriteLineAsync($"{where}: FAILED: {Printable.Of(failed.Why.Reason)}");
            return false;
        }

        var stored = (StoreResult.Stored)test.Result;
        await context.Out.WriteLineAsync($"{where}: {Printable.Of(stored.Text)} ({stored.Content.Bytes} bytes, sha256 {stored.Content.Sha256})");
        foreach (string remark in test.Remarks)
        {
            await context.Out.WriteLineAsync($"  {Printable.Of(remark)}");
        }

        return true;
    }

    // The event key of a test is random, so that two tests do not share a key.
    private static Artifact ArtifactFor(Place place) => new(
        "talon-test.txt",
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("hostname", "talon-outputs-test"),
        new ArtifactOrigin(
            place.Rule, place.Action.Name, place.Action.Actionner.ToString(), $"{RandomNumberGenerator.GetHexString(32, lowercase: true)}-0", place.Action.Position, 1, ""),
        async (stream, token) =>
        {
            await stream.WriteAsync(Content, token);
            return null;
        });

    /// <summary>One place that rules store to, by the first action that does.</summary>
    private sealed record Place(string Rule, PlannedAction Action);
}
