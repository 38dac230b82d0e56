using System.Buffers;
using System.Net.WebSockets;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>
/// One exec on an open WebSocket. The first byte of each message is its channel; the next frame is read when the last one was
/// taken, so a slow taker slows the server down.
/// </summary>
internal sealed class ExecStream(ClientWebSocket socket, ExecCommand command, string doing)
{
    private const byte Input = 0;
    private const byte Output = 1;
    private const byte Error = 2;
    private const byte Status = 3;
    private const byte CloseChannel = 255;
    private const int BufferSize = 32 * 1024;

    // A Status quotes the command; what is longer than this is cut and cannot be read then.
    private const int MostStatusBytes = 1024 * 1024;

    private readonly MemoryStream _status = new();
    private bool _printed;

    public async Task<KubeResult<ExecEnd>> RunAsync(CancellationToken token)
    {
        if (string.IsNullOrEmpty(socket.SubProtocol))
        {
            socket.Abort();
            return new KubeError(
                FailureKind.ConnectionLost, $"cannot {doing}: the server agreed on no protocol that tells how a command ends");
        }

        using var done = CancellationTokenSource.CreateLinkedTokenSource(token);
        var sending = command.Input is { } input ? SendAsync(input, done.Token) : Task.CompletedTask;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            return await ReceiveAsync(buffer.AsMemory(0, BufferSize), token);
        }
        finally
        {
            await done.CancelAsync();
            await sending;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<KubeResult<ExecEnd>> ReceiveAsync(Memory<byte> buffer, CancellationToken token)
    {
        int channel = -1;
        while (true)
        {
            var (frame, lost) = await NextAsync(buffer, token);
            if (lost is not null)
            {
                return lost;
            }

            if (frame.MessageType == WebSocketMessageType.Close)
            {
                await AnswerCloseAsync(token);
                return End();
            }

            ReadOnlyMemory<byte> bytes = buffer[..frame.Count];
            if (channel < 0 && !bytes.IsEmpty)
            {
                channel = bytes.Span[0];
                bytes = bytes[1..];
            }

            if (!bytes.IsEmpty && !await TakeAsync(channel, bytes, token))
            {
                socket.Abort();
                return new ExecEnd.CutShort();
            }

            if (frame.EndOfMessage)
            {
                channel = -1;
            }
        }
    }

    private async Task<(ValueWebSocketReceiveResult Frame, KubeError? Lost)> NextAsync(Memory<byte> buffer, CancellationToken token)
    {
        try
        {
            return (await socket.ReceiveAsync(buffer, token), null);
        }
        catch (OperationCanceledException)
        {
            return (default, new KubeError(
                FailureKind.Timeout, $"cannot {doing} to its end: it had not ended before the deadline, and may still run"));
        }
        catch (Exception e) when (e is WebSocketException or IOException)
        {
            return (default, Lost(OneLine.From(e.GetBaseException().Message)));
        }
    }

    private async ValueTask<bool> TakeAsync(int channel, ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        switch (channel)
        {
            case Output:
                _printed = true;
                return await command.Output(bytes, token);
            case Error:
                _printed = true;
                return await command.Error(bytes, token);
            case Status when _status.Length + bytes.Length <= MostStatusBytes:
                _status.Write(bytes.Span);
                return true;
            default:
                return true;
        }
    }

    private KubeResult<ExecEnd> End() => ExecStatus.Read(_status.GetBuffer().AsSpan(0, (int)_status.Length)) switch
    {
        null => Lost(socket.CloseStatus is { } code and not WebSocketCloseStatus.NormalClosure
            ? $"the server closed it with {(int)code} and without a status"
            : "the server closed it without a status"),
        ExecEnd.NotStarted broken when _printed => new KubeError(
            FailureKind.ConnectionLost, $"cannot {doing} to its end: {broken.Reason}"),
        var end => end,
    };

    private KubeError Lost(string why) => new(
        FailureKind.ConnectionLost, $"cannot {doing} to its end: the connection broke while it ran, and how it ended is not known: {why}");

    private async Task AnswerCloseAsync(CancellationToken token)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, token);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
        {
            // All that was asked for has come.
        }
    }

    // Beside the receiving: a command that prints while it reads would wait for us otherwise, and we for it.
    private async Task SendAsync(ReadOnlyMemory<byte> input, CancellationToken token)
    {
        byte[] message = ArrayPool<byte>.Shared.Rent(BufferSize + 1);
        try
        {
            message[0] = Input;
            while (!input.IsEmpty)
            {
                int length = Math.Min(input.Length, BufferSize);
                input[..length].CopyTo(message.AsMemory(1));
                input = input[length..];
                await socket.SendAsync(message.AsMemory(0, length + 1), WebSocketMessageType.Binary, true, token);
            }

            message[0] = CloseChannel;
            message[1] = Input;
            await socket.SendAsync(message.AsMemory(0, 2), WebSocketMessageType.Binary, true, token);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The command has ended without reading all of it, or the connection is gone: the receiving side sees which.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }
}
