using Talon.Actors.Clients.Calls;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Plugins;

/// <summary>One place where artifacts go. Instances are shared by all attempts and keep no state of one.</summary>
public interface IOutput
{
    /// <summary>What is known of it before it runs.</summary>
    OutputDescriptor Descriptor { get; }

    /// <summary>
    /// Looks whether the place would take an artifact, before the action begins: nobody should capture packets for a minute and
    /// find no folder then. Null when it would. Leaves nothing behind.
    /// </summary>
    /// <param name="parameters">Its parameters as written.</param>
    /// <param name="scope">The leave to call.</param>
    Task<ActionOutcome.Failed?> CheckAsync(ParameterMap parameters, CallScope scope);

    /// <summary>
    /// Stores an artifact under a name of its own; what is there already is never overwritten. When the artifact breaks, nothing
    /// is left behind.
    /// </summary>
    /// <param name="parameters">Its parameters as written.</param>
    /// <param name="artifact">The artifact; its content is written once.</param>
    /// <param name="scope">The leave to call.</param>
    Task<StoreResult> StoreAsync(ParameterMap parameters, Artifact artifact, CallScope scope);
}
