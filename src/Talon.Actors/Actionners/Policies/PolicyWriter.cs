using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Policies;

/// <summary>
/// Writes the policy of a workload: creates it, or changes the one that is there as it was read. Whoever comes between is seen by
/// the API server, and the change is made again on what that left; within a node writes to one policy wait for each other.
/// </summary>
internal sealed class PolicyWriter(IResources resources, KeyedLocks locks, ConflictRetry conflicts)
{
    private const int MaxIntent = 4000;

    /// <summary>What is there, and what would be written: a closed set.</summary>
    /// <param name="Address">The policy it is about.</param>
    public abstract record Look(ResourceAddress Address)
    {
        /// <summary>Nothing may be written, or it could not be read.</summary>
        public sealed record Stopped(ResourceAddress Address, FailureKind Kind, string Reason, TimeSpan? RetryAfter = null) : Look(Address)
        {
            public ActionOutcome Outcome(ImmutableSortedDictionary<string, string> objects) =>
                new ActionOutcome.Failed(Kind, Reason, objects, RetryAfter);
        }

        /// <summary>The policy already is as asked.</summary>
        public sealed record AsAsked(ResourceAddress Address, string Text) : Look(Address)
        {
            /// <summary>Nothing was done, unless an earlier attempt of the same action may have written it.</summary>
            public ActionOutcome Outcome(ActionRequest request, ImmutableSortedDictionary<string, string> objects) => request.EarlierTarget is null
                ? new ActionOutcome.Ignored(Text, objects)
                : new ActionOutcome.Succeeded(Text, objects);
        }

        /// <summary>The policy as it is to be.</summary>
        public sealed record ToWrite(ResourceAddress Address, JsonObject Policy, bool Exists, string Intent) : Look(Address);
    }

    public async Task<Look> LookAsync(IPolicyForm form, Workload workload, CallScope scope)
    {
        var names = PolicyNames.For(form.Type, workload.Kind, workload.Name, form.DotsInNames);
        switch (await PolicyPlace.FindAsync(names, workload, name => resources.GetAsync(Address(name), scope)))
        {
            case PolicyPlace.There there:
                // Who is told that all is done already has the more reason to hear what may still get through.
                var look = Compare(form, workload, Address(there.Name), there.Stored, (JsonObject)there.Stored.DeepClone());
                return look is Look.AsAsked asAsked ? asAsked with { Text = asAsked.Text + await BesideAsync(form, workload, look.Address, scope) } : look;
            case PolicyPlace.Free free:
                return Compare(form, workload, Address(free.Name), null, []);
            case PolicyPlace.Taken taken:
                return new Look.Stopped(
                    Address(taken.Name), FailureKind.Conflict, $"the {Address(taken.Name)} exists and is left as it is: {taken.Reason}");

            // A group or kind that is not served is told by text alone, without a Status.
            case PolicyPlace.Unread { Error.Code: 404 }:
                return new Look.Stopped(
                    Address(names.Own), FailureKind.NotFound, $"the API server does not serve {form.Type.Plural} of {form.Type.ApiVersion}: {form.NotServed}");
            case PolicyPlace.Unread { Error: var error }:
                return new Look.Stopped(Address(names.Own), error.Kind, error.Message, error.RetryAfter);
            case var other:
                throw new InvalidOperationException($"no such place of a policy: {other}");
        }

        ResourceAddress Address(ResourceName name) => new(form.Type, workload.Namespace, name);
    }

    public async Task<ActionOutcome> WriteAsync(
        ActionRequest request, IPolicyForm form, Workload workload, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        string what = $"the policy ({form.Type.Kind}) of {workload}";
        try
        {
            using var held = await locks.AcquireAsync($"{form.Type.Plural}/{workload.Namespace}/{workload.Kind}/{workload.Name}", scope.Token);
            return await conflicts.RunAsync(what, objects, _ => TryAsync(request, form, workload, objects, scope), scope);
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return new ActionOutcome.Failed(FailureKind.NotSent, $"no turn to write {what} before the deadline", objects);
        }
    }

    private static Look Compare(IPolicyForm form, Workload workload, ResourceAddress address, JsonObject? stored, JsonObject policy)
    {
        if (form.Write(policy, workload.Selection) is { } problem)
        {
            return new Look.Stopped(address, FailureKind.Invalid, $"the {address} is left as it is: {problem}");
        }

        TalonOwnership.Claim(policy, workload);
        if (stored is not null && JsonShape.Same(stored, policy))
        {
            return new Look.AsAsked(address, $"{form.Already} by the {address}: {form.Effect}");
        }

        string text = policy.Map("spec").ToJsonString();
        string shown = text.Length <= MaxIntent ? text : $"{text[..MaxIntent]}… ({text.Length} characters)";
        return new Look.ToWrite(
            address,
            policy,
            stored is not null,
            $"{(stored is null ? "create" : "update")} the {address} for {workload}: {form.Effect}; spec {shown}");
    }

    // Created, changed or removed by another meanwhile. A create that is not found has no namespace any more.
    private static bool IsLost(KubeError error, bool existed) =>
        error.AlreadyExists || error.Modified || (existed && error.Kind == FailureKind.NotFound);

    private async Task<WriteTry> TryAsync(
        ActionRequest request, IPolicyForm form, Workload workload, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        var look = await LookAsync(form, workload, scope);
        objects = objects.SetItem(form.ObjectKey, look.Address.Name.Value);
        switch (look)
        {
            case Look.Stopped stopped:
                return new WriteTry.Ended(stopped.Outcome(objects));
            case Look.AsAsked asAsked:
                return new WriteTry.Ended(asAsked.Outcome(request, objects));
            case Look.ToWrite toWrite:
                var answer = toWrite.Exists
                    ? await resources.ReplaceAsync(look.Address, toWrite.Policy, scope)
                    : await resources.CreateAsync(look.Address, toWrite.Policy, scope);
                if (!answer.TryGet(out _, out var error))
                {
                    return IsLost(error, toWrite.Exists) ? new WriteTry.Lost(error) : new WriteTry.Ended(KubeOutcomes.From(error, objects));
                }

                string beside = await BesideAsync(form, workload, look.Address, scope);
                string done = toWrite.Exists ? "updated" : "created";
                return new WriteTry.Ended(new ActionOutcome.Succeeded($"the {look.Address} was {done} for {workload}: {form.Effect}{beside}", objects));
            case var other:
                throw new InvalidOperationException($"no such look at a policy: {other}");
        }
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
