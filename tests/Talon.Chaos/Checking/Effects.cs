using Talon.Rules.Planning;

namespace Talon.Chaos.Checking;

/// <summary>Which effect an action has.</summary>
internal static class Effects
{
    /// <summary>The verb of the stand-in's record that goes with an actionner of the suite's rules.</summary>
    public static string VerbOf(PlannedAction action) => action.Actionner.ToString() switch
    {
        "kubernetes:terminate" => "delete",
        "kubernetes:label" => "patch",
        "kubernetes:exec" => "exec",
        var other => throw new ArgumentOutOfRangeException(nameof(action), other, "the rules of the suite do not use it"),
    };
}
