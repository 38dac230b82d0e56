using Talon.Host.Endpoints;
using Talon.Host.Ingress;

namespace Talon.Host.Composition;

/// <summary>Sends a request to its endpoint. Every path but three takes events, as in the original.</summary>
internal sealed class TalonRequests(FalcoEventEndpoint events, HealthEndpoints health, RequestDelegate metrics)
{
    public Task HandleAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/healthz" => health.HealthAsync(context),
        "/readyz" => health.ReadyAsync(context),
        "/metrics" => metrics(context),
        _ => events.HandleAsync(context),
    };
}
