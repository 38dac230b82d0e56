using System.Collections.Immutable;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Telemetry;

namespace Talon.Host.Composition;

/// <summary>
/// The probe of Kubernetes that also says in the log which cluster Talon works on: once it is known, even when that cluster does
/// not answer yet, and again when it is another one.
/// </summary>
internal sealed class LoggedKubernetesProbe(KubernetesConnection connection, ITalonLog log) : ICategoryProbe
{
    private string? _said;

    public ImmutableArray<string> Categories => connection.Categories;

    public async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await connection.ProbeAsync(cancellationToken);
        }
        finally
        {
            Announce();
        }
    }

    private void Announce()
    {
        if (connection is not { Source: { } source, Server: { } server })
        {
            return;
        }

        string cluster = $"using {source}, {server}";
        if (Interlocked.Exchange(ref _said, cluster) != cluster)
        {
            log.Write(new LogLine("init") { Category = "kubernetes", Result = cluster });
        }
    }
}
