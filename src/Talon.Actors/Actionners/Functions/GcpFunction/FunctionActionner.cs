using System.Collections.Immutable;
using System.Globalization;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Functions.GcpFunction;

/// <summary><c>gcp:function</c>: calls a function of Google Cloud with the event, once.</summary>
internal sealed class FunctionActionner(GcpConnection connection) : Actionner<FunctionParameters>(FunctionParameters.Read)
{
    private readonly CloudFunctions _functions = new(connection);

    public static ActionnerModule Module { get; } = new(
        typeof(FunctionActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("gcp:function"),
            Description = "Calls a Cloud Function of GCP with the event.",
            Sources = ["any"],
            RequiredFields = [],
            ContinueByDefault = true,
            UsesContexts = true,
            Output = OutputUse.None,
            RepeatSafe = false,
            UidPrecondition = false,
            LongRunning = false,
            Destructive = false,
            Parameters = FunctionParameters.Schema,
            Permissions =
                """
                cloudfunctions.functions.get on the function (in roles/cloudfunctions.viewer).
                First generation: cloudfunctions.functions.invoke on the function (in roles/cloudfunctions.invoker).
                Second generation, a service of Cloud Run: run.routes.invoke on that service (in roles/run.invoker).

                """,
        },
        ports => new FunctionActionner(ports.Gcp));

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    protected override string? ExclusionKey(FalcoEvent falcoEvent, FunctionParameters parameters) => null;

    /// <summary>The time of the function, and that of the look-up and the tokens before it.</summary>
    protected override TimeSpan DefaultTimeout(FunctionParameters parameters) => ShortTimeout + parameters.Timeout;

    protected override async Task<Preparation> PrepareAsync(ActionRequest request, FunctionParameters parameters, CallScope scope)
    {
        var (function, failure) = await FunctionAsync(parameters, scope);
        if (function is null)
        {
            return new Preparation.Done(failure!);
        }

        return (await _functions.FindAsync(function, scope)).TryGet(out _, out var error)
            ? new Preparation.Ready(null, $"call {function} of the project {function.Project}", ObjectsOf(function))
            : new Preparation.Done(Failed(error, ObjectsOf(function)));
    }

    protected override async Task<ActionOutcome> RunAsync(ActionRequest request, FunctionParameters parameters, Preparation.Ready ready, CallScope scope)
    {
        var (function, failure) = await FunctionAsync(parameters, scope);
        if (function is null)
        {
            return failure!.Kind.MayHaveHappened() ? failure with { Kind = FailureKind.NotSent } : failure;
        }

        var call = new FunctionCall(FunctionPayload.Of(request), FunctionPayload.KeyOf(request), FunctionPayload.AttemptOf(request), parameters.Timeout);
        if (!(await _functions.CallAsync(function, call, scope)).TryGet(out var answer, out var error))
        {
            return Failed(error, error.Code is { } code ? WithStatus(ready.Objects, code) : ready.Objects);
        }

        string size = answer.Body is { } body ? $"{body.Bytes} bytes (sha256 {body.Sha256})" : "0 bytes";
        return new ActionOutcome.Succeeded($"{function} answered {answer.Status} with {size}", WithStatus(ready.Objects, answer.Status))
        {
            Captured = answer.Body is null ? [] : [answer.Body],
        };
    }

    private static ActionOutcome.Failed Failed(GcpError error, ImmutableSortedDictionary<string, string> objects) =>
        new(error.Kind, error.Message, objects, error.RetryAfter);

    private static ImmutableSortedDictionary<string, string> ObjectsOf(CloudFunction function) =>
        KubeOutcomes.NoObjects.Add("name", function.Name).Add("location", function.Location);

    private static ImmutableSortedDictionary<string, string> WithStatus(ImmutableSortedDictionary<string, string> objects, int status) =>
        objects.SetItem("function_response_status", status.ToString(CultureInfo.InvariantCulture));

    private async Task<(CloudFunction? Function, ActionOutcome.Failed? Failure)> FunctionAsync(FunctionParameters parameters, CallScope scope)
    {
        string location = parameters.Location.Length > 0 ? parameters.Location : connection.Region;
        var objects = KubeOutcomes.NoObjects.Add("name", parameters.Name);
        if (location.Length == 0)
        {
            return (null, new ActionOutcome.Failed(
                FailureKind.Invalid, "no region is known: set gcp_function_location in the action, or gcp.region in the configuration", objects));
        }

        return (await connection.ProjectAsync(scope)).TryGet(out string? project, out var error)
            ? (new CloudFunction(project, location, parameters.Name), null)
            : (null, Failed(error, objects));
    }
}
