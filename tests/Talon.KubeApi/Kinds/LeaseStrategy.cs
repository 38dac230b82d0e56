using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

/// <summary>Leases: a PUT must name the version, and makes a lease that is missing.</summary>
internal sealed class LeaseStrategy : KindStrategy
{
    public override bool HasStatus => false;

    public override bool NeedsVersion => true;

    public override bool CreatesOnUpdate => true;

    public override IReadOnlyList<string> MicroTimes { get; } = ["spec.acquireTime", "spec.renewTime"];

    public override void Default(JsonObject json) => json.Map("spec");

    public override void CheckCreate(JsonObject json, FieldErrors faults)
    {
        if (json["spec"].Number("leaseDurationSeconds") is { } seconds and <= 0)
            faults.Invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0");
        if (json["spec"].Number("leaseTransitions") is { } transitions and < 0)
            faults.Invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0");
    }

    public override void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults) => CheckCreate(next, faults);
}
