using Talon.Host.Composition;

namespace Talon.FaultHost;

/// <summary>Puts a fault point into the host through its hooks.</summary>
internal static class FaultHooks
{
    public static TalonProgramHooks For(FaultPoint? point)
    {
        switch (point)
        {
            case null:
                return new TalonProgramHooks();
            case { IsCall: true }:
                // One counter for all clients that the host may make in its life.
                var death = new SuddenDeath(point.Occurrence);
                return new TalonProgramHooks { KubernetesHandlers = [() => new FaultHandler(point, death)] };
            default:
                string type = $"{typeof(FaultJournal).FullName}, {typeof(FaultJournal).Assembly.GetName().Name}";
                string when = point.Before ? "before" : "after";
                return new TalonProgramHooks
                {
                    Hocon = $$"""akka.persistence.journal.sql { class = "{{type}}", fault = "{{when}}-commit:{{point.Subject}}#{{point.Occurrence}}" }""",
                };
        }
    }
}
