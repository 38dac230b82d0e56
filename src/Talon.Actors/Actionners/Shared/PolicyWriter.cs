using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Shared;

/// <summary>
/// Writes the policy of a workload: creates it, or changes the one that is there as it was read. Whoever comes between is seen by
/// the API server, and the change is made again on what that left; within a node writes to one policy wait for each other.
/// </summary>
internal sealed class PolicyWriter(IResources resources, KeyedLocks locks)
{
    // Each try that is lost was won by another writer, and there are only as many of those as nodes.
    private const int MaxTries = 10;
    private const int MaxIntent = 4000;

    /// <summary>What is there, and what would be written: a closed set.</summary>
    public abstract record Look
    {
        private Look()
        {
        }

        /// <summary>Nothing may be written, or it could not be read.</summary>
        public sealed record Stopped(FailureKind Kind, string Reason, TimeSpan? RetryAfter = null) : Look
        {
            public ActionOutcome Outcome(ImmutableSortedDictionary<string, string> objects) =>
                new ActionOutcome.Failed(Kind, Reason, objects, RetryAfter);
        }

        /// <summary>The policy already is as asked.</summary>
        public sealed record AsAsked(string Text) : Look;

        /// <summary>The policy as it is to be.</summary>
        public sealed record ToWrite(JsonObject Policy, bool Exists, string Intent) : Look;
    }

    public async Task<Look> LookAsync(IPolicyForm form, Workload workload, CallScope scope)
    {
        var address = Address(form, workload);
        var answer = await resources.GetAsync(address, scope);
        if (answer.TryGet(out var stored, out var error))
        {
            if (PolicyOwnership.Refusal(stored, workload) is { } refusal)
            {
                return new Look.Stopped(FailureKind.Conflict, $"the {address} exists and is left as it is: {refusal}");
            }

            // Who is told that all is done already has the more reason to hear what may still get through.
            var look = Compare(form, workload, address, stored, (JsonObject)stored.DeepClone());
            return look is Look.AsAsked asAsked ? new Look.AsAsked(asAsked.Text + await BesideAsync(form, workload, address, scope)) : look;
        }

        return error switch
        {
            { Kind: FailureKind.NotFound } => Compare(form, workload, address, null, []),

            // A group or kind that is not served is told by text alone, without a Status.
            { Code: 404 } => new Look.Stopped(
                FailureKind.NotFound, $"the API server does not serve {form.Type.Plural} of {form.Type.ApiVersion}: {form.NotServed}"),
            _ => new Look.Stopped(error.Kind, error.Message, error.RetryAfter),
        };
    }

    public async Task<ActionOutcome> WriteAsync(
        IPolicyForm form, Workload workload, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        var address = Address(form, workload);
        try
        {
            using var held = await locks.AcquireAsync(address.ToString(), scope.Token);
            return await WriteAsync(form, workload, address, objects, scope);
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return new ActionOutcome.Failed(FailureKind.NotSent, $"no turn to write the {address} before the deadline", objects);
        }
    }

    private static ResourceAddress Address(IPolicyForm form, Workload workload) =>
        new(form.Type, workload.Namespace, PolicyNames.For(form.Type, workload.Name, form.DotsInNames));

    private static Look Compare(IPolicyForm form, Workload workload, ResourceAddress address, JsonObject? stored, JsonObject policy)
    {
        if (form.Write(policy, workload.Selection) is { } problem)
        {
            return new Look.Stopped(FailureKind.Invalid, $"the {address} is left as it is: {problem}");
        }

        PolicyOwnership.Claim(policy, workload);
        if (stored is not null && JsonShape.Same(stored, policy))
        {
            return new Look.AsAsked($"{form.Already} by the {address}: {form.Effect}");
        }

        string text = policy.Map("spec").ToJsonString();
        string shown = text.Length <= MaxIntent ? text : $"{text[..MaxIntent]}… ({text.Length} characters)";
        return new Look.ToWrite(
            policy, stored is not null, $"{(stored is null ? "create" : "update")} the {address} for {workload}: {form.Effect}; spec {shown}");
    }

    // Created, changed or removed by another meanwhile. A create that is not found has no namespace any more.
    private static bool MayTryAgain(KubeError error, bool existed) =>
        error.AlreadyExists || error is { Code: 409, Reason: "Conflict" } || (existed && error.Kind == FailureKind.NotFound);

    private async Task<ActionOutcome> WriteAsync(
        IPolicyForm form, Workload workload, ResourceAddress address, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            switch (await LookAsync(form, workload, scope))
            {
                case Look.Stopped stopped:
                    return stopped.Outcome(objects);
                case Look.AsAsked asAsked:
                    return new ActionOutcome.Succeeded(asAsked.Text, objects);
                case Look.ToWrite toWrite:
                    var answer = toWrite.Exists
                        ? await resources.ReplaceAsync(address, toWrite.Policy, scope)
                        : await resources.CreateAsync(address, toWrite.Policy, scope);
                    if (answer.TryGet(out _, out var error))
                    {
                        string beside = await BesideAsync(form, workload, address, scope);
                        string done = toWrite.Exists ? "updated" : "created";
                        return new ActionOutcome.Succeeded($"the {address} was {done} for {workload}: {form.Effect}{beside}", objects);
                    }

                    if (!MayTryAgain(error, toWrite.Exists))
                    {
                        return KubeOutcomes.From(error, objects);
                    }

                    break;
                case var other:
                    throw new InvalidOperationException($"no such look at a policy: {other}");
            }
        }

        return new ActionOutcome.Failed(FailureKind.Conflict, $"the {address} was changed by others each of the {MaxTries} times it was to be written", objects);
    }

    // The policy is written; what cannot be read now is said and changes nothing.
    private async Task<string> BesideAsync(IPolicyForm form, Workload workload, ResourceAddress address, CallScope scope)
    {
        var answer = await resources.ListAsync(form.Type, workload.Namespace, scope);
        if (!answer.TryGet(out var all, out var error))
        {
            return $"; whether other policies let traffic through is not known: {error.Message}";
        }

        string name = address.Name.Value;
        var others = all.Where(policy => policy.TextAt("metadata", "name") is { } other && other != name && other != $"default.{name}");
        return form.Beside(others, name, workload) is { } clause ? $"; {clause}" : "";
    }
}
