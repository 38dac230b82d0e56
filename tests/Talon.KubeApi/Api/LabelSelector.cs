using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Api;

/// <summary>A parsed label selector: equality, <c>in</c>, <c>notin</c>, exists, not exists, greater and less.</summary>
internal sealed class LabelSelector
{
    private readonly List<Requirement> _requirements = [];

    private sealed record Requirement(string Key, string Operator, IReadOnlyList<string> Values);

    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.TrueForAll(r => Holds(r, labels));

    private static bool Holds(Requirement requirement, IReadOnlyDictionary<string, string> labels)
    {
        var has = labels.TryGetValue(requirement.Key, out var value);
        return requirement.Operator switch
        {
            "in" => has && requirement.Values.Contains(value!, StringComparer.Ordinal),
            "notin" => !has || !requirement.Values.Contains(value!, StringComparer.Ordinal),
            "exists" => has,
            "!" => !has,
            _ => has && Compare(requirement, value!),
        };
    }

    private static bool Compare(Requirement requirement, string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var left)
        && long.TryParse(requirement.Values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var right)
        && (requirement.Operator == ">" ? left > right : left < right);

    /// <returns>The selector, or null and the fault in the words of the real server.</returns>
    public static LabelSelector? Parse(string text, out string fault)
    {
        var parser = new Parser(Tokens(text));
        var selector = new LabelSelector();
        fault = parser.Run(selector._requirements);
        return fault.Length == 0 ? selector : null;
    }

    /// <summary>The selector of an object: matchLabels and matchExpressions. An empty one matches everything.</summary>
    public static LabelSelector Of(JsonObject json)
    {
        var selector = new LabelSelector();
        foreach (var (key, value) in json["matchLabels"] as JsonObject ?? [])
            selector._requirements.Add(new Requirement(key, "in", [value?.GetValue<string>() ?? ""]));
        foreach (var expression in json.Items("matchExpressions"))
        {
            var values = (expression["values"] as JsonArray ?? []).Select(v => v?.GetValue<string>() ?? "").ToList();
            var word = expression.Text("operator") switch { "In" => "in", "NotIn" => "notin", "Exists" => "exists", _ => "!" };
            selector._requirements.Add(new Requirement(expression.Text("key"), word, values));
        }

        return selector;
    }

    private static List<string> Tokens(string text)
    {
        var tokens = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            if ("=!<>,()".Contains(text[i], StringComparison.Ordinal))
            {
                i++;
                if (i < text.Length && text[i] == '=' && text[start] is '=' or '!' && i < text.Length && text[i] == '=')
                    i++;
            }
            else
            {
                while (i < text.Length && !char.IsWhiteSpace(text[i]) && !"=!<>,()".Contains(text[i], StringComparison.Ordinal))
                    i++;
            }

            tokens.Add(text[start..i]);
        }

        return tokens;
    }

    private sealed class Parser(List<string> tokens)
    {
        private int _at;

        private string Peek => _at < tokens.Count ? tokens[_at] : "";

        public string Run(List<Requirement> requirements)
        {
            while (Peek.Length > 0)
            {
                var fault = One(requirements);
                if (fault.Length > 0)
                    return fault;
                if (Peek.Length == 0)
                    return "";
                if (Peek != ",")
                    return $"found '{Peek}', expected: ',' or 'end of string'";
                _at++;
                if (Peek.Length == 0 || (IsSign(Peek) && Peek != "!"))
                    return $"found '{Peek}', expected: identifier after ','";
            }

            return "";
        }

        private string One(List<Requirement> requirements)
        {
            var absent = Peek == "!";
            if (absent)
                _at++;
            var key = Peek;
            if (key.Length == 0 || IsSign(key))
                return $"unable to parse requirement: found '{key}', expected: identifier";
            _at++;
            if (NameRules.QualifiedName(key) is { } keyFault)
                return $"unable to parse requirement: <nil>: Invalid value: \"{key}\": {keyFault}";
            if (absent || Peek is "" or ",")
            {
                requirements.Add(new Requirement(key, absent ? "!" : "exists", []));
                return "";
            }

            var sign = Peek;
            _at++;
            switch (sign)
            {
                case "=" or "==" or "!=" or ">" or "<":
                    var value = Peek is "," or "" ? "" : tokens[_at++];
                    if (NameRules.LabelValue(value) is { } fault)
                        return $"unable to parse requirement: values[0][{key}]: Invalid value: \"{value}\": {fault}";
                    requirements.Add(new Requirement(key, sign switch { "!=" => "notin", ">" or "<" => sign, _ => "in" }, [value]));
                    return "";
                case "in" or "notin":
                    return Set(key, sign, requirements);
                default:
                    return $"unable to parse requirement: found '{sign}', expected: in, notin, =, ==, !=, gt, lt";
            }
        }

        private string Set(string key, string sign, List<Requirement> requirements)
        {
            if (Peek != "(")
                return $"unable to parse requirement: found '{Peek}', expected: '('";
            _at++;
            var values = new List<string>();
            while (Peek != ")")
            {
                if (Peek.Length == 0)
                    return "unable to parse requirement: found '', expected: ',' or ')'";
                if (Peek != ",")
                    values.Add(Peek);
                _at++;
                if (Peek is not ("," or ")") && (_at == 0 || tokens[_at - 1] != ","))
                    return $"unable to parse requirement: found '{Peek}', expected: ',' or ')'";
            }

            _at++;
            requirements.Add(new Requirement(key, sign, values));
            return "";
        }

        private static bool IsSign(string token) => token is "=" or "==" or "!=" or "<" or ">" or "," or "(" or ")" or "!";
    }
}
