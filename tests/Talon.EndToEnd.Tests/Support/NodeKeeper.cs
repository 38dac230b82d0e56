using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>Remembers nodes as they were and puts back what tests change on them: labels, annotations, cordon.</summary>
internal sealed class NodeKeeper
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, V1Node> _kept = new(StringComparer.Ordinal);

    /// <summary>Remembers a node, unless it is known.</summary>
    public V1Node Keep(V1Node node)
    {
        lock (_gate)
        {
            _kept.TryAdd(node.Metadata.Name, node);
        }

        return node;
    }

    public async Task RestoreAsync(Kubernetes client)
    {
        foreach (var (name, before) in _kept)
        {
            var now = await client.CoreV1.ReadNodeAsync(name);
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["labels"] = Difference(before.Metadata.Labels, now.Metadata.Labels),
                    ["annotations"] = Difference(before.Metadata.Annotations, now.Metadata.Annotations),
                },
                ["spec"] = new JsonObject { ["unschedulable"] = before.Spec.Unschedulable },
            };
            await client.CoreV1.PatchNodeAsync(new V1Patch(patch, V1Patch.PatchType.MergePatch), name);
        }
    }

    private static JsonObject Difference(IDictionary<string, string>? before, IDictionary<string, string>? now)
    {
        var difference = new JsonObject();
        foreach (string key in (before?.Keys ?? []).Union(now?.Keys ?? [], StringComparer.Ordinal))
        {
            string? old = null;
            before?.TryGetValue(key, out old);
            if (now is null || !now.TryGetValue(key, out string? value) || value != old)
            {
                difference[key] = old;
            }
        }

        return difference;
    }
}
