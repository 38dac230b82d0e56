using System.Diagnostics.CodeAnalysis;
using Talon.Actors.Outputs.Spool;
using Talon.Actors.Plugins;

namespace Talon.Actors.Outputs;

/// <summary>What an output may be made of: the ports of all plug-ins, and the spool that all outputs share.</summary>
internal sealed record OutputPorts : PluginPorts
{
    [SetsRequiredMembers]
    public OutputPorts(PluginPorts ports)
        : base(ports) => ArtifactSpool = new ArtifactSpool(Spool);

    /// <summary>Where artifacts wait until a remote output has them.</summary>
    public ArtifactSpool ArtifactSpool { get; }
}
