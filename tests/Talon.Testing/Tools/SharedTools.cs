namespace Talon.Testing.Tools;

/// <summary>One server of each kind for all tests of a process that only need a bucket or a user of their own. They end with the process.</summary>
public static class SharedTools
{
    private static readonly Lazy<Task<ToolServer>> FauxqsServer = new(ToolServer.StartFauxqsAsync);
    private static readonly Lazy<Task<ToolServer>> MotoServer = new(() => ToolServer.StartMotoAsync());

    /// <summary>A fauxqs, started at the first call.</summary>
    public static Task<ToolServer> FauxqsAsync() => FauxqsServer.Value;

    /// <summary>A moto that checks no signatures, started at the first call.</summary>
    public static Task<ToolServer> MotoAsync() => MotoServer.Value;
}
