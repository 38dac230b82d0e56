using Talon.Actors.Clients.Calls;
using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>One additional context: values that an action can use beside those of its event. Only reads.</summary>
public interface IContext
{
    /// <summary>What is known of it before it runs.</summary>
    ContextDescriptor Descriptor { get; }

    /// <summary>Looks up the values for one attempt. Empty values are left out.</summary>
    Task<ContextResult> LookUpAsync(ActionRequest request, CallScope scope);
}
