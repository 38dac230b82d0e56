using System.Text.Json.Nodes;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners.Every;

/// <summary>What an event is about. Its end takes back what the action did to nodes, and the faults that were added.</summary>
internal abstract class Subject(ClusterRig rig, ActionnerRow row, string name) : IAsyncDisposable
{
    private readonly List<FaultRule> _faults = [];
    private readonly long _before = rig.Requests is [.., var last] ? last.Number : 0;

    protected ClusterRig Rig { get; } = rig;

    protected string Name { get; } = name;

    /// <summary>Posts an event about the object as it was made first, and waits for what came of it: nothing of the action's own is left then.</summary>
    public async Task<(PostedEvent Posted, LogEvent Outcome)> RunAsync(string? rule = null)
    {
        var posted = await PostAsync(rule ?? row.Rule);
        var outcome = await Rig.OutcomeAsync(posted);
        if (row.MakesJob)
        {
            await Rig.NoJobIsLeftAsync();
        }

        return (posted, outcome);
    }

    /// <summary>Removes the object.</summary>
    public abstract Task RemoveAsync();

    /// <summary>Puts another object under the same name.</summary>
    public abstract Task ReplaceAsync();

    /// <summary>The object that has the name now; null when there is none.</summary>
    public Task<JsonObject?> ReadAsync() => Rig.SendAsync(HttpMethod.Get, $"/api/v1/namespaces/{Rig.Namespace}/{Plural}/{Name}");

    /// <summary>Lets the request that carries the action out meet a fault.</summary>
    public void Meet(FaultRule fault)
    {
        var scoped = fault with
        {
            Verbs = [row.Verb],
            Resource = row.Resource,
            Subresource = row.Subresource,
            Namespace = row.OnNode ? null : $"^{(row.MakesJob ? Rig.OwnNamespace : Rig.Namespace)}$",
            Name = RequestName is { } requested ? $"^{requested}$" : null,
        };
        _faults.Add(scoped);
        Rig.AddFault(scoped);
    }

    /// <summary>The requests that were to carry the action out, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Calls =>
    [
        .. Rig.Requests.Where(r => r.Number > _before && r.Verb == row.Verb && r.Resource == row.Resource
            && (r.Subresource ?? "") == row.Subresource && r.Name == RequestName),
    ];

    public virtual ValueTask DisposeAsync()
    {
        foreach (var fault in _faults)
        {
            Rig.RemoveFault(fault);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>What the path of the object calls its kind.</summary>
    protected abstract string Plural { get; }

    /// <summary>The name in the path of that request; null for one that creates.</summary>
    protected virtual string? RequestName => row.Verb == "create" ? null : Name;

    protected abstract Task<PostedEvent> PostAsync(string rule);
}
