using Talon.Actors.Actionners.Targets;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Functions.GcpFunction;

/// <summary><c>gcp:function</c> as the catalog lists it.</summary>
internal static class FunctionModule
{
    public static ActionnerModule Module { get; } = new(
        typeof(FunctionModule),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("gcp:function"),
            Description = "Calls a Cloud Function of GCP with the event.",
            Sources = ["any"],
            RequiredFields = [],
            ContinueByDefault = true,
            UsesContexts = true,
            Output = OutputUse.None,
            RepeatSafe = false,
            UidPrecondition = false,
            LongRunning = false,
            Destructive = false,
            Parameters = FunctionParameters.Schema,
            Permissions =
                """
                cloudfunctions.functions.get on the function (in roles/cloudfunctions.viewer).
                First generation: cloudfunctions.functions.invoke on the function (in roles/cloudfunctions.invoker).
                Second generation, a service of Cloud Run: run.routes.invoke on that service (in roles/run.invoker).

                """,
        },
        create: null);
}
