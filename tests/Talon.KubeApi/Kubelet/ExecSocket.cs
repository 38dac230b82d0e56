using System.Net.WebSockets;
using System.Threading.Channels;
using Talon.KubeApi.Api;

namespace Talon.KubeApi.Kubelet;

/// <summary>The WebSocket of one exec: frames in, frames out, the status and the close at the end.</summary>
internal sealed class ExecSocket(NodeAgent agent, ExecCall call) : IUpgrade
{
    /// <summary>A message of a client may be that long; a real server has no such bound.</summary>
    private const int MessageLimit = 4 * 1024 * 1024;

    private static readonly TimeSpan CloseBound = TimeSpan.FromSeconds(2);

    private readonly Channel<byte[]> _stdin = Channel.CreateBounded<byte[]>(64);
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _gone = new();
    private WebSocket? _socket;

    public async Task RunAsync(HttpContext context)
    {
        var accepting = new WebSocketAcceptContext { SubProtocol = call.Protocol.Length == 0 ? null : call.Protocol, KeepAliveInterval = TimeSpan.Zero };
        using var socket = await context.WebSockets.AcceptWebSocketAsync(accepting);
        _socket = socket;
        await SendAsync(1, default);
        var receiving = ReceiveAsync(context.RequestAborted);
        var running = agent.RunAsync(call, Pipes());
        await Task.WhenAny(receiving, running);
        if (running.IsCompletedSuccessfully)
            await FinishAsync(context, await running, receiving);
        else if (running.IsFaulted)
            await running;
        else
            await LeaveAsync(context);
        await GoneAsync();
    }

    public void StartUnheard()
    {
        _stdin.Writer.TryComplete();
        _gone.Cancel();
        _ = agent.RunAsync(call, Pipes());
    }

    private ExecPipes Pipes() => new(_stdin.Reader, SendOutputAsync, _gone.Token);

    private async Task FinishAsync(HttpContext context, ExecOutcome outcome, Task receiving)
    {
        // Without an Abort what was sent before the cut arrives.
        if (outcome.End == ExecEnd.Cut)
            return;
        if (outcome.End == ExecEnd.Status && call.Protocol is ExecStatus.V4 or ExecStatus.V5)
            await SendAsync(3, ExecStatus.Of(call, outcome, agent.NewExecId()));
        await CloseAsync(outcome.End == ExecEnd.Close1011 ? WebSocketCloseStatus.InternalServerError : WebSocketCloseStatus.NormalClosure);

        // The client answers the close; one that does not is not waited for.
        await Task.WhenAny(receiving, agent.Waiting.UnscaledDelayAsync(CloseBound, context.RequestAborted));
    }

    /// <summary>The client went first: the command goes on without it, as on a real node.</summary>
    private async Task LeaveAsync(HttpContext context)
    {
        if (_socket!.State == WebSocketState.CloseReceived)
            await CloseAsync(WebSocketCloseStatus.NormalClosure);
        else
            context.Abort();
    }

    private async Task GoneAsync()
    {
        _stdin.Writer.TryComplete();
        call.CloseStdin();
        await _gone.CancelAsync();
    }

    private async Task ReceiveAsync(CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var frame = await _socket!.ReceiveAsync(buffer.AsMemory(), ct);
                if (frame.MessageType == WebSocketMessageType.Close)
                    return;
                message.Write(buffer, 0, frame.Count);
                if (message.Length > MessageLimit)
                    return;
                if (!frame.EndOfMessage)
                    continue;
                await TakeAsync(message.ToArray(), ct);
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The connection is gone.
        }
    }

    private async ValueTask TakeAsync(byte[] message, CancellationToken ct)
    {
        if (message is [255, 0] && call.Protocol == ExecStatus.V5)
        {
            call.CloseStdin();
            _stdin.Writer.TryComplete();
        }
        else if (message is [0, ..] && call is { Stdin: true, IsStdinClosed: false })
        {
            call.AddStdin(message.AsSpan(1));
            await _stdin.Writer.WriteAsync(message[1..], ct);
        }
    }

    private ValueTask SendOutputAsync(byte channel, ReadOnlyMemory<byte> bytes) =>
        _gone.IsCancellationRequested || !(channel == 1 ? call.Stdout : call.Stderr) ? ValueTask.CompletedTask : SendAsync(channel, bytes);

    private async ValueTask SendAsync(byte channel, ReadOnlyMemory<byte> bytes)
    {
        var frame = new byte[bytes.Length + 1];
        frame[0] = channel;
        bytes.CopyTo(frame.AsMemory(1));
        await GuardedAsync(socket => socket.SendAsync(frame, WebSocketMessageType.Binary, WebSocketMessageFlags.EndOfMessage, _gone.Token).AsTask());
    }

    private Task CloseAsync(WebSocketCloseStatus status) => GuardedAsync(socket => socket.CloseOutputAsync(status, null, _gone.Token));

    private async Task GuardedAsync(Func<WebSocket, Task> send)
    {
        try
        {
            await _sending.WaitAsync(_gone.Token);
            try
            {
                await send(_socket!);
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The client has gone; the command goes on.
        }
    }
}
