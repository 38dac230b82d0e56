using System.Collections.Immutable;
using System.Text.Json;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Functions.Lambda;

/// <summary><c>aws:lambda</c>: calls a function of AWS Lambda once with the event and the context of the action.</summary>
internal sealed class LambdaActionner(LambdaClient client) : Actionner<LambdaParameters>(LambdaParameters.Read)
{
    // What a failing function says of it is shown up to here, although an outcome may show less.
    private const int MostOfAnError = 1024;

    // It is journalled, so it is bounded.
    private const int MostShown = 64 * 1024;

    public static ActionnerModule Module { get; } = new(
        typeof(LambdaActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("aws:lambda"),
            Description = "Calls a function of AWS Lambda with the event.",
            Sources = ["any"],
            RequiredFields = [],
            ContinueByDefault = true,
            UsesContexts = true,
            Output = OutputUse.None,
            RepeatSafe = false,
            UidPrecondition = false,
            LongRunning = false,
            Destructive = false,
            Parameters = LambdaParameters.Schema,
            Permissions =
                """
                {
                  "Version": "2012-10-17",
                  "Statement": [
                    {
                      "Effect": "Allow",
                      "Action": ["lambda:GetFunction", "lambda:InvokeFunction"],
                      "Resource": ["arn:aws:lambda:<region>:<account>:function:<name>", "arn:aws:lambda:<region>:<account>:function:<name>:*"]
                    },
                    {
                      "Effect": "Allow",
                      "Action": "sts:GetCallerIdentity",
                      "Resource": "*"
                    }
                  ]
                }

                """,
        },
        ports => new LambdaActionner(new LambdaClient(ports.Aws)));

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    /// <summary>None: calls of a function do not touch each other.</summary>
    protected override string? ExclusionKey(FalcoEvent falcoEvent, LambdaParameters parameters) => null;

    protected override async Task<Preparation> PrepareAsync(ActionRequest request, LambdaParameters parameters, CallScope scope)
    {
        var objects = ObjectsOf(parameters);
        var error = await client.FindAsync(parameters.Name, scope);

        // Many may only call it. Whether it is there then shows.
        return error is null || error.Kind == FailureKind.Forbidden
            ? new Preparation.Ready(null, $"call the function {parameters.Name}, {parameters.AliasOrVersion}, of AWS Lambda as {parameters.Invocation}", objects)
            : new Preparation.Done(Failed(error, objects));
    }

    protected override async Task<ActionOutcome> RunAsync(ActionRequest request, LambdaParameters parameters, Preparation.Ready ready, CallScope scope)
    {
        var call = new LambdaCall(
            parameters.Name,
            parameters.AliasOrVersion,
            parameters.Invocation.ToString(),
            FunctionPayload.Of(request),
            parameters.Invocation == LambdaInvocation.RequestResponse ? ClientContext(request) : null);
        var result = await client.InvokeAsync(call, scope);
        if (!result.TryGet(out var answer, out var error))
        {
            return Failed(error, ready.Objects);
        }

        using var returned = new OutputCapture(MostShown);
        await returned.TakeAsync(answer.Payload, scope.Token);
        return Judge(parameters, answer, returned, ready.Objects) with { Captured = returned.Bytes == 0 ? [] : [returned.ToCaptured("response", inline: false)] };
    }

    private static ActionOutcome Judge(LambdaParameters parameters, LambdaAnswer answer, OutputCapture returned, ImmutableSortedDictionary<string, string> objects)
    {
        string function = $"the function {parameters.Name} ({parameters.AliasOrVersion})";
        int expected = parameters.Invocation switch
        {
            LambdaInvocation.Event => 202,
            LambdaInvocation.DryRun => 204,
            _ => 200,
        };
        if (answer.FunctionError is { } how)
        {
            return new ActionOutcome.Failed(FailureKind.CommandFailed, $"{function} failed ({OneLine.From(how)}): {ErrorText(answer.Payload.Span)}", objects);
        }

        if (answer.Status != expected)
        {
            return new ActionOutcome.Failed(
                FailureKind.ServerError, $"AWS answered the call of {function} with {answer.Status}, where {expected} says that it went well", objects);
        }

        return new ActionOutcome.Succeeded(
            parameters.Invocation switch
            {
                LambdaInvocation.Event => $"{function} was handed the event; AWS calls it later",
                LambdaInvocation.DryRun => $"{function} could be called; it was not",
                _ => $"{function} was called; {returned.Describe("response")}{(answer.IsCut ? ", the rest was not read" : "")}",
            },
            objects);
    }

    private static string ErrorText(ReadOnlySpan<byte> payload)
    {
        string text = OneLine.Whole(DisplayText.From(payload, MostOfAnError));
        return text.Length == 0 ? "it says no more" : text;
    }

    private static string ClientContext(ActionRequest request) => JsonSerializer.Serialize(new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal)
    {
        ["custom"] = new(StringComparer.Ordinal)
        {
            [FunctionPayload.IdempotencyKey] = FunctionPayload.KeyOf(request),
            [FunctionPayload.Attempt] = FunctionPayload.AttemptOf(request),
        },
    });

    private static ActionOutcome.Failed Failed(AwsError error, ImmutableSortedDictionary<string, string> objects) =>
        new(error.Kind, error.Message, objects, error.RetryAfter);

    private static ImmutableSortedDictionary<string, string> ObjectsOf(LambdaParameters parameters) =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("name", parameters.Name).Add("version", parameters.AliasOrVersion);
}
