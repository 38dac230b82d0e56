using System.Collections.Concurrent;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Pipeline;

/// <summary>An actionner whose two halves a test supplies, with a record of what was asked of it.</summary>
public sealed class FakeActionner(string name = "kubernetes:fake", bool repeatSafe = true, bool longRunning = false, bool uidPrecondition = true, bool usesContexts = false, OutputUse output = OutputUse.None) : IActionner
{
    private int _running;

    public Func<ActionRequest, CallScope, Task<Preparation>> Prepare { get; set; } =
        (_, _) => Task.FromResult<Preparation>(new Preparation.Ready(new TargetRef("Pod", "shop", "cart-0", "uid-1"), "fake it", SampleOutcomes.NoObjects));

    public Func<ActionRequest, CallScope, Task<ActionOutcome>> Run { get; set; } =
        (_, _) => Task.FromResult<ActionOutcome>(new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects));

    public Func<FalcoEvent, string?> Exclusion { get; set; } = _ => null;

    public ConcurrentQueue<ActionRequest> Prepared { get; } = new();

    public ConcurrentQueue<ActionRequest> Ran { get; } = new();

    public int MostAtOnce { get; private set; }

    public ActionnerDescriptor Descriptor { get; } = new()
    {
        Name = ActionnerName.Parse(name),
        Description = "A fake.",
        Sources = [],
        RequiredFields = [],
        ContinueByDefault = true,
        UsesContexts = usesContexts,
        Output = output,
        RepeatSafe = repeatSafe,
        UidPrecondition = uidPrecondition,
        LongRunning = longRunning,
        Destructive = false,
        Parameters = ParameterSchema.None,
        Example = "",
        Rbac = "",
    };

    public string? ExclusionKey(FalcoEvent falcoEvent, PlannedAction action) => Exclusion(falcoEvent);

    public TimeSpan DefaultTimeout(PlannedAction action) => TimeSpan.FromSeconds(30);

    public Task<Preparation> PrepareAsync(ActionRequest request, CallScope scope)
    {
        Prepared.Enqueue(request);
        return Prepare(request, scope);
    }

    public async Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, CallScope scope)
    {
        lock (Ran)
        {
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
        }

        Ran.Enqueue(request);
        try
        {
            return await Run(request, scope);
        }
        finally
        {
            lock (Ran)
            {
                _running--;
            }
        }
    }
}
