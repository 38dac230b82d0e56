using System.Collections.Immutable;
using Talon.Rules.Model;

namespace Talon.Actors.Notifiers.Shared;

/// <summary>Reads a map of headers.</summary>
internal static class HeaderMap
{
    /// <summary>The headers by name, which counts in any case; a header without a value is left out.</summary>
    public static ImmutableSortedDictionary<string, string> Of(ParameterMap map, string name)
    {
        var headers = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (header, value) in map.GetTextMap(name))
        {
            if (value is not null)
            {
                headers[header] = value;
            }
        }

        return headers.ToImmutable();
    }
}
