namespace Talon.Host.Cli.Lists;

/// <summary>A plug-in as a list command shows it.</summary>
/// <param name="Keys">What the list shows of it, in order. A <see cref="Talon.Rules.Catalog.ParameterSchema"/> is written as the form of the output asks.</param>
/// <param name="IsBuilt">Whether this version can run it.</param>
internal sealed record ListedItem(string Name, IReadOnlyList<KeyValuePair<string, object>> Keys, bool IsBuilt);
