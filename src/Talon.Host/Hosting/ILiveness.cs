namespace Talon.Host.Hosting;

/// <summary>Whether the process can still do its work.</summary>
internal interface ILiveness
{
    /// <summary>False when only a restart helps.</summary>
    bool IsAlive { get; }
}
