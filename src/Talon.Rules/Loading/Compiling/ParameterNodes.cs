using Talon.Rules.Catalog;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Compiling;

/// <summary>Converts parameters from nodes, which know their place, to values.</summary>
public static class ParameterNodes
{
    /// <summary>The values of a map; none for null.</summary>
    public static ParameterMap ToMap(YamlNode.Mapping? map) => map is null
        ? ParameterMap.Empty
        : ParameterMap.From(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, ToValue(entry.Value))));

    /// <summary>The place a problem is about.</summary>
    /// <param name="map">The map that was checked against the schema.</param>
    /// <param name="otherwise">The place of a problem about something that is not written in the map.</param>
    public static YamlMark MarkOf(ParameterProblem problem, YamlNode.Mapping? map, YamlMark otherwise)
    {
        if (map is null)
        {
            return otherwise;
        }

        if (problem.Name is null || map.FindEntry(problem.Name) is not { } named)
        {
            return otherwise;
        }

        return (problem.Part, named.Value) switch
        {
            (null, _) => problem.IsUnknownName ? named.KeyMark : named.Value.Mark,
            ({ } part, YamlNode.Mapping entries) => entries.Find(part)?.Mark ?? named.Value.Mark,
            ({ } part, YamlNode.Sequence list) when int.TryParse(part, out int index) && index < list.Items.Length => list.Items[index].Mark,
            _ => named.Value.Mark,
        };
    }

    private static ParameterValue ToValue(YamlNode node) => node switch
    {
        YamlNode.Sequence list => new ParameterValue.List([.. list.Items.Select(ToValue)]),
        YamlNode.Mapping map => new ParameterValue.Map(ToMap(map)),
        YamlNode.Scalar { Kind: YamlScalarKind.Null } => new ParameterValue.Nothing(),
        YamlNode.Scalar { Kind: YamlScalarKind.Flag } flag => new ParameterValue.Flag(flag.Text[0] is 't' or 'T') { Literal = flag.Text },
        YamlNode.Scalar { Kind: YamlScalarKind.Whole } whole when YamlScalars.TryWhole(whole.Text, out long number) =>
            new ParameterValue.Whole(number) { Literal = whole.Text },
        YamlNode.Scalar { Kind: YamlScalarKind.Real } real => new ParameterValue.Real(real.Text),
        YamlNode.Scalar text => new ParameterValue.Text(text.Text),
        _ => new ParameterValue.Nothing(),
    };
}
