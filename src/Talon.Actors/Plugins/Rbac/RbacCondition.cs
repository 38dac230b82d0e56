using System.Globalization;
using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins.Rbac;

/// <summary>
/// When the rights of a document are needed, as its annotation <c>talon.falco.org/when</c> says: <c>min_healthy_replicas</c> (the
/// parameter is given), <c>level=node</c> (it has that value) or <c>cordon!=false</c> (it has not, or is not given).
/// </summary>
internal sealed record RbacCondition(string Parameter, bool Negated, string? Value)
{
    /// <exception cref="FormatException">The text is not a condition: an error in the plug-in.</exception>
    public static RbacCondition Parse(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        bool negated = at > 0 && text[at - 1] == '!';
        string parameter = at < 0 ? text : text[..(negated ? at - 1 : at)];
        return parameter.Length > 0 && parameter.All(c => char.IsAsciiLetterLower(c) || c == '_') && at != text.Length - 1
            ? new RbacCondition(parameter, negated, at < 0 ? null : text[(at + 1)..])
            : throw new FormatException($"'{text}' is not a condition");
    }

    public bool Holds(ParameterMap parameters)
    {
        string? given = Written(parameters, Parameter) switch
        {
            null => null,
            ParameterValue.Text text => text.Value,
            ParameterValue.Flag flag => flag.Value ? "true" : "false",
            ParameterValue.Whole whole => whole.Value.ToString(CultureInfo.InvariantCulture),
            _ => "",
        };
        return Value is null ? given is not null : (given == Value) != Negated;
    }

    /// <summary>A parameter of a rule file, whose name may be written in any case.</summary>
    public static ParameterValue? Written(ParameterMap parameters, string name) =>
        parameters.FirstOrDefault(entry => entry.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
