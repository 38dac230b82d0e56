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
/// Writes the policy of a workload: creates it, or changes the one that was read. When another write comes between, the API server
/// refuses the change, and it is made again on top of that write; within a node writes to one policy wait for each other.
/// </summary>
internal sealed class PolicyWriter(IResources resources, KeyedLocks locks, ConflictRetry conflicts)
{
    private const int MaxIntent = 4000;

    /// <summary>How the policy that is there compares with what is asked: a closed set.</summary>
    public abstract record Comparison(ResourceAddress Address)
    {
        /// <summary>Nothing may be written, or it could not be read.</summary>
        public sealed record Stopped(
            ResourceAddress Address, FailureKind Kind, string Reason, TimeSpan? RetryAfter = null) : Comparison(Address)
        {
            public ActionOutcome Outcome(ImmutableSortedDictionary<string, string> objects) =>
                new ActionOutcome.Failed(Kind, Reason, objects, RetryAfter);
        }

        /// <summary>The policy already is as asked.</summary>
        public sealed record AsAsked(ResourceAddress Address, string Text) : Comparison(Address)
        {
            /// <summary>Nothing was done, unless an earlier attempt of the same action may have written it.</summary>
            public ActionOutcome Outcome(ActionRequest request, ImmutableSortedDictionary<string, string> objects) => request.EarlierTarget is null
                ? new ActionOutcome.Ignored(Text, objects)
                : new ActionOutcome.Succeeded(Text, objects);
        }

        /// <summary>The policy as it has to be written.</summary>
        public sealed record ToWrite(ResourceAddress Address, JsonObject Policy, bool Exists, string Intent) : Comparison(Address);
    }

    public async Task<Comparison> CompareAsync(IPolicyForm form, Workload workload, CallScope scope)
    {
        var names = PolicyNames.For(form.Type, workload.Kind, workload.Name, form.DotsInNames);
        switch (await PolicyPlace.FindAsync(names, workload, name => resources.GetAsync(Address(name), scope)))
        {
            case PolicyPlace.There there:
                // An outcome that nothing had to be done is worth more when it says what may still get through.
                var comparison = Compare(form, workload, Address(there.Name), there.Stored, (JsonObject)there.Stored.DeepClone());
                return comparison is Comparison.AsAsked asAsked
                    ? asAsked with { Text = asAsked.Text + await BesideAsync(form, workload, comparison.Address, scope) }
                    : comparison;
            case PolicyPlace.Free free:
                return Compare(form, workload, Address(free.Name), null, []);
            case PolicyPlace.Taken taken:
                return new Comparison.Stopped(
                    Address(taken.Name), FailureKind.Conflict, $"the {Address(taken.Name)} exists and is left as it is: {taken.Reason}");

            // For a group or kind that it does not serve, the API server answers in plain text, without a Status.
            case PolicyPlace.Unread { Error.Code: 404 }:
                return new Comparison.Stopped(
                    Address(names.Own), FailureKind.NotFound, $"the API server does not serve {form.Type.Plural} of {form.Type.ApiVersion}: {form.NotServed}");
            case PolicyPlace.Unread { Error: var error }:
                return new Comparison.Stopped(Address(names.Own), error.Kind, error.Message, error.RetryAfter);
            case var other:
                throw new InvalidOperationException($"unexpected place of a policy: {other}");
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

    private static Comparison Compare(IPolicyForm form, Workload workload, ResourceAddress address, JsonObject? stored, JsonObject policy)
    {
        if (form.Write(policy, workload.Selection) is { } problem)
        {
            return new Comparison.Stopped(address, FailureKind.Invalid, $"the {address} is left as it is: {problem}");
        }

        TalonOwnership.Claim(policy, workload);
        if (stored is not null && JsonShape.Same(stored, policy))
        {
            return new Comparison.AsAsked(address, $"{form.Already} by the {address}: {form.Effect}");
        }

        string text = policy.Map("spec").ToJsonString();
        string shown = text.Length <= MaxIntent ? text : $"{text[..MaxIntent]}… ({text.Length} characters)";
        return new Comparison.ToWrite(
            address,
            policy,
            stored is not null,
            $"{(stored is null ? "create" : "update")} the {address} for {workload}: {form.Effect}; spec {shown}");
    }

    // Someone else created, changed or removed it meanwhile. A create that ends with 404 has lost its namespace.
    private static bool IsLost(KubeError error, bool existed) =>
        error.AlreadyExists || error.Modified || (existed && error.Kind == FailureKind.NotFound);

    private async Task<WriteTry> TryAsync(
        ActionRequest request, IPolicyForm form, Workload workload, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        var comparison = await CompareAsync(form, workload, scope);
        objects = objects.SetItem(form.ObjectKey, comparison.Address.Name.Value);
        switch (comparison)
        {
            case Comparison.Stopped stopped:
                return new WriteTry.Ended(stopped.Outcome(objects));
            case Comparison.AsAsked asAsked:
                return new WriteTry.Ended(asAsked.Outcome(request, objects));
            case Comparison.ToWrite toWrite:
                var answer = toWrite.Exists
                    ? await resources.ReplaceAsync(comparison.Address, toWrite.Policy, scope)
                    : await resources.CreateAsync(comparison.Address, toWrite.Policy, scope);
                if (!answer.TryGet(out _, out var error))
                {
                    return IsLost(error, toWrite.Exists) ? new WriteTry.Lost(error) : new WriteTry.Ended(KubeOutcomes.From(error, objects));
                }

                string beside = await BesideAsync(form, workload, comparison.Address, scope);
                string done = toWrite.Exists ? "updated" : "created";
                return new WriteTry.Ended(new ActionOutcome.Succeeded(
                    $"the {comparison.Address} was {done} for {workload}: {form.Effect}{beside}", objects));
            case var other:
                throw new InvalidOperationException($"unexpected comparison of a policy: {other}");
        }
    }

    // The policy is written: an error here only goes into the text of the outcome.
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
