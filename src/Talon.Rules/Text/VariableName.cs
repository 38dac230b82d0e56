namespace Talon.Rules.Text;

/// <summary>The names of the variables that fields and context keys set.</summary>
internal static class VariableName
{
    /// <summary>The name of the variable that an output field sets: upper case, <c>.</c> and <c>[</c> as <c>_</c>, <c>]</c> left out.</summary>
    public static string OfField(string key)
    {
        return key.ToUpperInvariant().Replace('.', '_').Replace('[', '_').Replace("]", "", StringComparison.Ordinal);
    }

    /// <summary>The name of the variable that a key of the context sets: upper case, <c>.</c> as <c>_</c>; hyphens and brackets stay.</summary>
    public static string OfContextKey(string key)
    {
        return key.ToUpperInvariant().Replace('.', '_');
    }
}
