using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Removal.Delete;

/// <summary>The object that an audit event, or the journal of an earlier attempt, names for deletion.</summary>
internal sealed record DeleteTarget(ResourceAddress Address)
{
    public ImmutableSortedDictionary<string, string> Objects
    {
        get
        {
            var objects = KubeOutcomes.NoObjects.Add("name", Address.Name.Value).Add("resource", Address.Type.Plural);
            return Address.Namespace is { } inside ? objects.Add("namespace", inside.Value) : objects;
        }
    }

    /// <summary>The exclusion key: that of the pod for pods, so that this and a termination do not overlap.</summary>
    public string Key => Address.Type == ResourceTypes.Pods
        ? $"pod/{Address.Namespace}/{Address.Name}"
        : $"{Address.Type.Plural}/{Address.Namespace}/{Address.Name}";

    /// <summary>The object in words: <c>the Secret tls in the namespace shop</c>.</summary>
    public override string ToString() => Address.Namespace is { } inside
        ? $"the {Address.Type.Kind} {Address.Name} in the namespace {inside}"
        : $"the {Address.Type.Kind} {Address.Name}";

    /// <summary>Reads the event. False with the problem when it names nothing that can be deleted.</summary>
    public static bool TryRead(FalcoEvent falcoEvent, [NotNullWhen(true)] out DeleteTarget? target, [NotNullWhen(false)] out string? problem)
    {
        target = null;
        if (falcoEvent.TargetResource is not { } resource)
        {
            problem = "the event carries no ka.target.resource";
            return false;
        }

        if (!ResourceTypes.Deletable.TryGetValue(resource, out var type))
        {
            problem = $"the event is about {OneLine.From(resource)}, which this actionner does not delete; it deletes "
                + string.Join(", ", ResourceTypes.Deletable.Keys.Order(StringComparer.Ordinal));
            return false;
        }

        if (falcoEvent.TargetName is not { } nameText)
        {
            problem = "the event carries no ka.target.name";
            return false;
        }

        if (type.Namespaced && falcoEvent.TargetNamespace is null)
        {
            problem = "the event carries no ka.target.namespace";
            return false;
        }

        return TryCreate(type, type.Namespaced ? falcoEvent.TargetNamespace : null, nameText, out target, out problem);
    }

    /// <summary>Reads a target that was journalled.</summary>
    public static DeleteTarget From(TargetRef journalled) =>
        ResourceTypes.Deletable.Values.FirstOrDefault(type => type.Kind == journalled.Kind) is { } type
        && TryCreate(type, journalled.Namespace, journalled.Name, out var target, out _)
            ? target
            : throw new InvalidOperationException($"the journalled target {journalled} cannot be deleted");

    private static bool TryCreate(
        ResourceType type, string? namespaceText, string nameText, [NotNullWhen(true)] out DeleteTarget? target, [NotNullWhen(false)] out string? problem)
    {
        target = null;
        NamespaceName? namespaceName = null;
        if (type.Namespaced && !NamespaceName.TryCreate(namespaceText, out namespaceName))
        {
            problem = $"the event's namespace is not a valid name: '{OneLine.From(namespaceText)}'";
            return false;
        }

        if (!ResourceName.TryCreate(type, nameText, out var name))
        {
            problem = $"the event's target is not a name that Talon takes for a {type.Kind}: '{OneLine.From(nameText)}'";
            return false;
        }

        target = new DeleteTarget(new ResourceAddress(type, namespaceName, name));
        problem = null;
        return true;
    }
}
