using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Api;

/// <summary>Faults of single fields, gathered for one 422 answer.</summary>
internal sealed class FieldErrors
{
    private readonly List<(string Reason, string Field, string Text, int Times)> _faults = [];

    public bool Any => _faults.Count > 0;

    /// <summary>The message of the answer: each fault once.</summary>
    public string Message
    {
        get
        {
            var texts = _faults.Select(f => $"{f.Field}: {f.Text}").Distinct(StringComparer.Ordinal).ToList();
            return texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        }
    }

    /// <summary>A fault that stands <c>times</c> among the causes: the real server checks metadata more than once on an update.</summary>
    public void Invalid(string field, string value, string why, int times = 1) =>
        _faults.Add(("FieldValueInvalid", field, $"Invalid value: {Quote(value)}: {why}", times));

    /// <summary>A fault of a number, which is not quoted.</summary>
    public void Invalid(string field, long value, string why) =>
        _faults.Add(("FieldValueInvalid", field, string.Create(CultureInfo.InvariantCulture, $"Invalid value: {value}: {why}"), 1));

    /// <summary>A fault of a map, which is shown as JSON.</summary>
    public void Invalid(string field, JsonNode? value, string why) => _faults.Add(("FieldValueInvalid", field, $"Invalid value: {value.Compact()}: {why}", 1));

    public void WrongType(string field, string value, string why) =>
        _faults.Add(("FieldValueTypeInvalid", field, $"Invalid value: {Quote(value)}: {why}", 1));

    public void Required(string field, string why = "") =>
        _faults.Add(("FieldValueRequired", field, why.Length == 0 ? "Required value" : $"Required value: {why}", 1));

    public void NotFound(string field, string value) => _faults.Add(("FieldValueNotFound", field, $"Not found: {Quote(value)}", 1));

    public void Duplicate(string field, string value) => _faults.Add(("FieldValueDuplicate", field, $"Duplicate value: {Quote(value)}", 1));

    public void Forbidden(string field, string why, int times = 1) => _faults.Add(("FieldValueForbidden", field, $"Forbidden: {why}", times));

    public void TooLong(string field, int limit, int times = 1) =>
        _faults.Add(("FieldValueTooLong", field, $"Too long: may not be more than {limit} bytes", times));

    public void NotSupported(string field, string value, IEnumerable<string> supported, int times = 1) =>
        _faults.Add(("FieldValueNotSupported", field, $"Unsupported value: {value}: supported values: {string.Join(", ", supported.Select(Quote))}", times));

    public JsonArray Causes()
    {
        var causes = new JsonArray();
        foreach (var (reason, field, text, times) in _faults)
        {
            for (var i = 0; i < times; i++)
                causes.Add((JsonNode)new JsonObject { ["reason"] = reason, ["message"] = text, ["field"] = field });
        }

        return causes;
    }

    /// <summary>Quotes a text as Go's %q does for the characters that occur here.</summary>
    public static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
