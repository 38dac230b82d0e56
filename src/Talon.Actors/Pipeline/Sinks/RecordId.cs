using Talon.Actors.Pipeline.State;

namespace Talon.Actors.Pipeline.Sinks;

/// <summary>
/// The identity of what Talon tells the world about one action of an event: <c>EventKey/position/kind</c>. It is the same each time the
/// record is sent, so that whoever receives it twice can tell.
/// </summary>
internal static class RecordId
{
    /// <param name="kind"><c>action</c>, <c>check</c> or <c>output</c>.</param>
    public static string Of(EventState state, int position, string kind) => $"{state.Key}/{position}/{kind}";
}
