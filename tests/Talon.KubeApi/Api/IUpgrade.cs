namespace Talon.KubeApi.Api;

/// <summary>What goes on after a request that leaves HTTP (101).</summary>
internal interface IUpgrade
{
    /// <summary>Accepts the upgrade and serves the connection to its end.</summary>
    Task RunAsync(HttpContext context);

    /// <summary>Does what was asked although the client never hears of it.</summary>
    void StartUnheard();
}
