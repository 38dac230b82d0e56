using Talon.Actors.Clients.Calls;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Plugins;

/// <summary>One place where artifacts go. All attempts share one instance, so it keeps no state of any.</summary>
public interface IOutput
{
    /// <summary>What is known of it before it runs.</summary>
    OutputDescriptor Descriptor { get; }

    /// <summary>
    /// Checks before the action begins that the place would take an artifact: nobody should capture packets for a minute only to find
    /// that the folder is missing. Null when it would, otherwise how the action ends. Leaves nothing behind.
    /// </summary>
    /// <param name="parameters">The parameters of the output as the rule file has them.</param>
    Task<ActionOutcome.Failed?> CheckAsync(ParameterMap parameters, CallScope scope);

    /// <summary>
    /// Stores an artifact under a name of its own and never overwrites what is there. When the content cannot be written whole, nothing is
    /// left behind.
    /// </summary>
    /// <param name="parameters">The parameters of the output as the rule file has them.</param>
    /// <param name="artifact">Its content can be written once only.</param>
    Task<StoreResult> StoreAsync(ParameterMap parameters, Artifact artifact, CallScope scope);

    /// <summary>
    /// Stores an artifact for a person who wants to know whether the output works, and takes it away again. That it cannot be read or deleted is
    /// no failure: Talon does not ask for those rights.
    /// </summary>
    /// <param name="parameters">The parameters of the output as the rule file has them.</param>
    /// <param name="artifact">A small one, made for this.</param>
    Task<OutputTest> TestAsync(ParameterMap parameters, Artifact artifact, CallScope scope);
}
