using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

/// <summary>Pod disruption budgets: their checks, and the numbers that follow from spec and pods.</summary>
internal sealed class BudgetStrategy : KindStrategy
{
    public override bool HasGeneration => true;

    public override JsonObject InitialStatus(JsonObject json) =>
        new() { ["disruptionsAllowed"] = 0, ["currentHealthy"] = 0, ["desiredHealthy"] = 0, ["expectedPods"] = 0 };

    public override void CheckCreate(JsonObject json, FieldErrors faults)
    {
        if (json["spec"]?["minAvailable"] is not null && json["spec"]?["maxUnavailable"] is not null)
            faults.Invalid("spec", json["spec"], "minAvailable and maxUnavailable cannot be both set");
        foreach (var name in new[] { "minAvailable", "maxUnavailable" })
        {
            if (json["spec"].Number(name) is { } number and < 0)
                faults.Invalid($"spec.{name}", number, "must be greater than or equal to 0");
        }
    }

    public override void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults) => CheckCreate(next, faults);

    /// <summary>True when the budget is about this pod: an empty selector is about all of its namespace, none about no pod.</summary>
    public static bool Covers(JsonObject budget, StoredObject pod) =>
        budget["spec"]?["selector"] is JsonObject selector && LabelSelector.Of(selector).Matches(pod.Labels);

    /// <summary>A number of pods: as it stands, or a percentage of the expected ones, rounded up.</summary>
    public static int? Count(JsonNode? value, int expected)
    {
        if (value is null)
            return null;
        if (value is JsonValue number && number.TryGetValue<long>(out var whole))
            return (int)whole;
        return int.TryParse(value.ToString().TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
            ? (int)Math.Ceiling(percent * expected / 100.0)
            : null;
    }
}
