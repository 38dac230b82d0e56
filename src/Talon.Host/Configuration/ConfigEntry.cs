using System.Collections.Immutable;

namespace Talon.Host.Configuration;

/// <summary>One value of the configuration file.</summary>
/// <param name="Key">Its key, levels joined by dots, as written.</param>
/// <param name="Values">One text, or those of a list.</param>
internal sealed record ConfigEntry(string Key, ImmutableArray<string> Values, bool IsList, ConfigPlace Place, ConfigPlace ValuePlace);
