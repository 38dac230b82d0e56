using System.Collections.Immutable;
using System.Net;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Policies;

/// <summary>What a workload may still reach when a network policy isolates it: the parameters that all network policies share.</summary>
internal sealed record EgressAllowances(ImmutableArray<IPNetwork> Networks, ImmutableArray<NamespaceName> Namespaces, bool Dns)
{
    /// <summary>The parameters of a policy that forbids everything but what is listed.</summary>
    public static ImmutableArray<ParameterSpec> DenyAllSpecs { get; } = Specs("none", "true where something is allowed, false where nothing is");

    /// <summary>The parameters of a policy that forbids single addresses, and everything else only if a list says so.</summary>
    public static ImmutableArray<ParameterSpec> AllowAllSpecs { get; } = Specs(
        "0.0.0.0/0 and ::/0; none when only allow_namespaces is given", "true, but false where nothing else is allowed");

    /// <summary>
    /// The namespace of the cluster's DNS. Only that is allowed: port 53 to any address would be a way out, with or without DNS.
    /// </summary>
    public const string DnsNamespace = "kube-system";

    /// <summary>Where the DNS cache of a node listens (NodeLocal DNSCache); no pod has that address.</summary>
    public const string NodeLocalDns = "169.254.20.10/32";

    /// <summary>Over UDP and TCP.</summary>
    public const int DnsPort = 53;

    /// <summary>Whether all addresses of both families are allowed.</summary>
    public bool All => Networks.Contains(NetworkRange.AllIPv4) && Networks.Contains(NetworkRange.AllIPv6);

    /// <summary>What is allowed, for messages: <c>10.0.0.0/8, the namespace monitoring, DNS</c>; <c>nothing</c>.</summary>
    public string Describe()
    {
        string[] parts =
        [
            .. Networks.Select(network => network.ToString()),
            .. Namespaces.Select(name => $"the namespace {name}"),
            .. Dns ? new[] { "DNS" } : [],
        ];
        const int Most = 20;
        return parts.Length == 0 ? "nothing" : string.Join(", ", parts.Take(Most)) + (parts.Length > Most ? $" and {parts.Length - Most} more" : "");
    }

    /// <summary>Reads bound parameters without problems.</summary>
    /// <param name="allByDefault">Whether all addresses are allowed when neither list is given. A list that is given but empty allows nothing.</param>
    public static EgressAllowances Read(ParameterMap map, bool allByDefault)
    {
        var networks = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (string text in map.GetTexts("allow_cidr"))
        {
            if (NetworkRange.TryParse(text, out var network) && !networks.Contains(network))
            {
                networks.Add(network);
            }
        }

        if (allByDefault && !map.TryGet("allow_cidr", out _) && !map.TryGet("allow_namespaces", out _))
        {
            networks.AddRange(NetworkRange.AllIPv4, NetworkRange.AllIPv6);
        }

        var namespaces = ImmutableArray.CreateBuilder<NamespaceName>();
        foreach (string text in map.GetTexts("allow_namespaces"))
        {
            if (NamespaceName.TryCreate(text, out var name) && !namespaces.Contains(name))
            {
                namespaces.Add(name);
            }
        }

        bool dns = map.GetFlag("allow_dns") ?? (networks.Count + namespaces.Count > 0);
        return new EgressAllowances(networks.ToImmutable(), namespaces.ToImmutable(), dns);
    }

    private static ImmutableArray<ParameterSpec> Specs(string defaultNetworks, string defaultDns) =>
    [
        new ParameterSpec
        {
            Name = "allow_cidr",
            Type = ParameterType.TextList,
            DefaultText = defaultNetworks,
            Description = "The ranges of addresses, IPv4 or IPv6, that the workload may still reach.",
            Check = ParameterChecks.Each(NetworkRange.Check),
        },
        new ParameterSpec
        {
            Name = "allow_namespaces",
            Type = ParameterType.TextList,
            DefaultText = "none",
            Description = "The namespaces whose pods the workload may still reach.",
            Check = ParameterChecks.Each(TargetParameters.CheckNamespace),
        },
        new ParameterSpec
        {
            Name = "allow_dns",
            Type = ParameterType.Flag,
            DefaultText = defaultDns,
            Description = "Let the workload still ask the DNS of the cluster, without which the names of allowed places mean nothing to it.",
        },
    ];
}
