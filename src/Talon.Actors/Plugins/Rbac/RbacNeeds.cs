using System.Collections.Immutable;
using Talon.Rules.Catalog;
using Talon.Rules.Matching;
using Talon.Rules.Planning;

namespace Talon.Actors.Plugins.Rbac;

/// <summary>Collects the rights that rules need in Kubernetes and beyond: those of their actionners with their parameters, of their contexts and of their notifiers, nothing else.</summary>
public sealed class RbacNeeds
{
    private readonly IPluginCatalog _catalog;
    private readonly string _ownNamespace;
    private readonly HashSet<RbacRight> _rights = [];
    private readonly SortedDictionary<string, string> _outside = new(StringComparer.Ordinal);

    /// <summary>Begins an empty collection.</summary>
    public RbacNeeds(IPluginCatalog catalog, string ownNamespace)
    {
        ArgumentException.ThrowIfNullOrEmpty(ownNamespace);
        _catalog = catalog;
        _ownNamespace = ownNamespace;
    }

    /// <summary>The rights so far, sorted; a right in one namespace that holds in all anyway is left out.</summary>
    public ImmutableArray<RbacRight> Rights =>
    [
        .. _rights
            .Where(right => right.Namespace is null || !_rights.Contains(right with { Namespace = null }))
            .OrderBy(right => right.Namespace, StringComparer.Ordinal)
            .ThenBy(right => right.Group, StringComparer.Ordinal)
            .ThenBy(right => right.Resource, StringComparer.Ordinal)
            .ThenBy(right => right.Name, StringComparer.Ordinal)
            .ThenBy(right => right.Verb, StringComparer.Ordinal),
    ];

    /// <summary>What is needed of clouds and object stores, in words or as a policy, by the name of the plug-in that needs it.</summary>
    public IReadOnlyDictionary<string, string> Outside => _outside;

    /// <summary>Adds what a set of rules needs. Dry-run actions count as well: they read, and may be switched on.</summary>
    public void Add(RuleSet rules)
    {
        foreach (var rule in rules.Rules)
        {
            foreach (var action in rule.Plan.Actions)
            {
                Add(action);
            }

            foreach (string notifier in rule.Plan.Notifiers)
            {
                AddNotifier(notifier);
            }
        }
    }

    /// <summary>Adds what one action needs.</summary>
    public void Add(PlannedAction action)
    {
        if (_catalog.FindActionner(action.Actionner) is not { } actionner)
        {
            return;
        }

        Add(actionner.Rbac, action.Parameters);
        AddOutside(actionner.Name.ToString(), actionner.Permissions);
        if (actionner.Output != OutputUse.None && _catalog.Outputs.FirstOrDefault(output => output.Name == action.Output?.Target) is { } used)
        {
            AddOutside(used.Name, used.Permissions);
        }

        foreach (string name in actionner.UsesContexts ? action.AdditionalContexts : [])
        {
            Add(_catalog.Contexts.FirstOrDefault(context => context.Name == name)?.Rbac, ParameterMap.Empty);
        }
    }

    /// <summary>Adds what a notifier needs. The name may have any case; an unknown one adds nothing.</summary>
    public void AddNotifier(string name) => Add(
        _catalog.Notifiers.FirstOrDefault(notifier => notifier.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Permissions, ParameterMap.Empty);

    private void AddOutside(string name, string permissions)
    {
        if (permissions.Length > 0)
        {
            _outside[name] = permissions;
        }
    }

    private void Add(string? manifest, ParameterMap parameters)
    {
        if (!string.IsNullOrEmpty(manifest))
        {
            _rights.UnionWith(RbacManifest.Read(manifest).Rights(parameters, _ownNamespace));
        }
    }
}
