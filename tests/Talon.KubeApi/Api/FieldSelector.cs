using Talon.KubeApi.Kinds;

namespace Talon.KubeApi.Api;

/// <summary>A parsed field selector: <c>=</c>, <c>==</c> and <c>!=</c> on the fields a kind allows.</summary>
internal sealed class FieldSelector
{
    private readonly List<(string Field, string Value, bool Equal)> _terms = [];

    public bool Matches(IReadOnlyDictionary<string, string> fields) =>
        _terms.TrueForAll(t => (fields.GetValueOrDefault(t.Field, "") == t.Value) == t.Equal);

    public static FieldSelector? Parse(string text, KindStrategy strategy, out string fault)
    {
        fault = "";
        var selector = new FieldSelector();
        foreach (var term in text.Split(',').Order(StringComparer.Ordinal))
        {
            if (term.Length == 0)
                continue;
            var cut = term.IndexOf('=', StringComparison.Ordinal);
            if (cut < 0)
            {
                fault = $"invalid selector: '{text}'; can't understand '{term}'";
                return null;
            }

            var equal = cut == 0 || term[cut - 1] != '!';
            var value = term[(cut + 1)..];
            if (equal && value.StartsWith('='))
                value = value[1..];
            selector._terms.Add((equal ? term[..cut] : term[..(cut - 1)], value, equal));
        }

        foreach (var (field, _, _) in selector._terms)
        {
            if (!strategy.CanSelect(field))
            {
                fault = $"field label not supported: {field}";
                return null;
            }
        }

        return selector;
    }
}
