using System.Buffers;
using System.Globalization;
using Talon.Actors.Plugins;

namespace Talon.Actors.Actionners.Functions;

/// <summary>
/// What a function is given: the event as JSON in the shape of the original, with the context of the action and what tells a repeated call.
/// </summary>
internal static class FunctionPayload
{
    /// <summary>The name in the context of what is the same for every attempt of an action, and for no other action.</summary>
    public const string IdempotencyKey = "talon.idempotency_key";

    /// <summary>The name in the context of the number of the attempt, from 1.</summary>
    public const string Attempt = "talon.attempt";

    /// <summary>The idempotency key of an action: <c>EVENTKEY/POSITION</c>.</summary>
    public static string KeyOf(ActionRequest request) =>
        $"{request.EventKey}/{request.Action.Position.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The number of the attempt as text.</summary>
    public static string AttemptOf(ActionRequest request) => request.Attempt.ToString(CultureInfo.InvariantCulture);

    /// <summary>The payload, UTF-8.</summary>
    public static ReadOnlyMemory<byte> Of(ActionRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>(request.Event.Raw.Length + 1024);
        var context = request.Context.SetItem(IdempotencyKey, KeyOf(request)).SetItem(Attempt, AttemptOf(request));
        request.Event.WriteTo(buffer, request.TraceId, context);
        return buffer.WrittenMemory;
    }
}
