using Talon.Actors.Clients.Calls;
using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>One additional context: looks up values that an action can use beside those of its event. Only reads.</summary>
public interface IContext
{
    /// <summary>What is known of it before it runs.</summary>
    ContextDescriptor Descriptor { get; }

    /// <summary>Looks the values up. Values that are empty are left out.</summary>
    /// <param name="request">The attempt that asks.</param>
    /// <param name="scope">The leave to call.</param>
    Task<ContextResult> LookUpAsync(ActionRequest request, CallScope scope);
}
