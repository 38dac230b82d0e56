using System.Reflection;
using System.Runtime.CompilerServices;
using Talon.Actors.Catalog;
using Talon.Cluster.Node;
using Talon.Host.Cli;
using Talon.Rules.Events;

namespace Talon.Architecture.Tests.Code;

/// <summary>The four assemblies, in the order in which they may use each other.</summary>
internal static class Rooms
{
    public static Assembly Rules => typeof(FalcoEvent).Assembly;

    public static Assembly Cluster => typeof(TalonNode).Assembly;

    public static Assembly Actors => typeof(PluginCatalog).Assembly;

    public static Assembly Host => typeof(TalonProgram).Assembly;

    public static IReadOnlyList<Assembly> InOrder => [Rules, Cluster, Actors, Host];

    /// <summary>The assembly of a project; that of the host has another name than its project.</summary>
    public static Assembly Named(string project) => project switch
    {
        "Talon.Rules" => Rules,
        "Talon.Cluster" => Cluster,
        "Talon.Actors" => Actors,
        "Talon.Host" => Host,
        _ => throw new ArgumentOutOfRangeException(nameof(project), project, "no such project"),
    };

    /// <summary>The references of an assembly that begin with one of these names.</summary>
    public static IReadOnlyList<string> References(Assembly assembly, params string[] prefixes) =>
    [
        .. assembly.GetReferencedAssemblies()
            .Select(name => name.Name!)
            .Where(name => Array.Exists(prefixes, prefix => name == prefix || name.StartsWith(prefix + ".", StringComparison.OrdinalIgnoreCase))),
    ];

    /// <summary>Static fields that others can change: public or internal, and neither constant nor read-only.</summary>
    public static IReadOnlyList<string> MutableStatics(IEnumerable<Type> types) =>
    [
        .. types.Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.Name.Contains('<', StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsPrivate && !field.IsInitOnly && !field.IsLiteral && !field.Name.Contains('<', StringComparison.Ordinal))
            .Select(field => $"{field.DeclaringType}.{field.Name}"),
        .. types.SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(property => property.SetMethod is { IsPrivate: false })
            .Select(property => $"{property.DeclaringType}.{property.Name}"),
    ];
}
