using Talon.Actors.Pipeline.State;

namespace Talon.Actors.Pipeline.Sinks;

/// <summary>
/// The identity of what Talon tells the world about one action of an event: <c>EventKey/position/kind</c>. It is the same each time the
/// record is sent, so that whoever receives it twice can tell.
/// </summary>
internal static class RecordId
{
    /// <summary>That of the outcome of an action.</summary>
    public static string OfAction(EventState state, int position) => $"{state.Key}/{position}/action";
}
