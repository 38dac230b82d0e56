using Talon.Actors.Clients.Calls;
using Talon.Actors.Plugins;
using Talon.KubeApi;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Actionners;

/// <summary>What the tests of the actionners share that work in a pod: requests about the pod shop/cart-0.</summary>
internal static class PodWork
{
    private static readonly (string Name, object? Value)[] Own = [("k8s.ns.name", "shop"), ("k8s.pod.name", "cart-0")];

    public static ActionRequest Request(string actionner, ParameterMap parameters, params (string Name, object? Value)[] fields) => ActionnerRig.Request(
        actionner,
        TestEvents.Syscall(
            ActionnerRig.Later(),
            [.. Own.Where(own => fields.All(field => field.Name != own.Name)), .. fields]),
        parameters);

    public static ParameterMap Map(params (string Name, object Value)[] parameters)
    {
        var map = ParameterMap.Empty;
        foreach (var (name, value) in parameters)
        {
            map = map.With(name, value switch
            {
                bool flag => new ParameterValue.Flag(flag),
                int number => new ParameterValue.Whole(number),
                _ => new ParameterValue.Text((string)value),
            });
        }

        return map;
    }

    /// <summary>A fault for the requests about a part of the pod alone.</summary>
    public static FaultRule At(string subresource, FaultRule rule) => rule with { Subresource = subresource };

    /// <summary>Both halves, with something in between.</summary>
    public static async Task<Rules.Outcomes.ActionOutcome> RunAsync(ActionnerRig rig, ActionRequest request, Action between, CallScope? scope = null)
    {
        var actionner = rig.Find(request.Action.Actionner.ToString());
        scope ??= ActionnerRig.Scope();
        var ready = Assert.IsType<Preparation.Ready>(await actionner.PrepareAsync(request, scope));
        between();
        return await actionner.RunAsync(request, ready, scope);
    }
}
