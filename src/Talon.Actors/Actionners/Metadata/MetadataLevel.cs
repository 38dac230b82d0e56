namespace Talon.Actors.Actionners.Metadata;

/// <summary>Which object's metadata an action changes.</summary>
internal enum MetadataLevel
{
    /// <summary>The pod of the event.</summary>
    Pod = 0,

    /// <summary>The node that pod runs on.</summary>
    Node = 1,
}
