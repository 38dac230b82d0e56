using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Talon.KubeApi.Tests.Kubelet;

/// <summary>A WebSocket client of exec that shows every frame.</summary>
internal sealed class ExecClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Refusal _refusal;
    private readonly HttpMessageInvoker _invoker;
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _deadline = new(Deadline);

    private ExecClient()
    {
        _refusal = new Refusal();
        _invoker = new HttpMessageInvoker(_refusal);
    }

    public ClientWebSocket Socket => _socket;

    /// <summary>Answer to the handshake when it is not 101.</summary>
    public HttpResponseMessage? Refused => _refusal.Answer;

    public string RefusedBody => _refusal.Body;

    /// <summary>Payloads of all frames that came, by channel, without the channel byte.</summary>
    public List<(int Channel, byte[] Payload)> Frames { get; } = [];

    public string StdoutText => Encoding.UTF8.GetString(Of(1));

    public string StderrText => Encoding.UTF8.GetString(Of(2));

    /// <summary>The status frame, or null when none came.</summary>
    public JsonNode? Status => Frames.Where(f => f.Channel == 3).Select(f => JsonNode.Parse(f.Payload)).FirstOrDefault();

    public static string Path(string ns, string pod, IEnumerable<string> command, string more = "stdout=true&stderr=true&stdin=true") =>
        $"/api/v1/namespaces/{ns}/pods/{pod}/exec?{string.Concat(command.Select(c => $"command={Uri.EscapeDataString(c)}&"))}{more}";

    /// <summary>Connects; whether that worked says <see cref="Refused"/>.</summary>
    public static async Task<ExecClient> ConnectAsync(Uri server, string pathAndQuery, params string[] protocols)
    {
        var client = new ExecClient();
        foreach (var protocol in protocols)
            client._socket.Options.AddSubProtocol(protocol);
        var uri = new UriBuilder(new Uri(server, pathAndQuery)) { Scheme = "ws" }.Uri;
        try
        {
            await client._socket.ConnectAsync(uri, client._invoker, client._deadline.Token);
        }
        catch (WebSocketException) when (client.Refused is not null)
        {
            // The answer is kept.
        }

        return client;
    }

    /// <summary>Runs a command to its end with v5, its input closed after the text.</summary>
    public static async Task<ExecClient> RunAsync(KubeApiServer server, string pod, string[] command, string stdin = "")
    {
        var client = await ConnectAsync(server.BaseUri, Path("shop", pod, command), "v5.channel.k8s.io");
        Assert.True(client.Refused is null, client.RefusedBody);
        if (stdin.Length > 0)
            await client.SendAsync(0, Encoding.UTF8.GetBytes(stdin));
        await client.SendAsync(255, new byte[] { 0 });
        await client.ReadAsync();
        return client;
    }

    public byte[] Of(int channel) => [.. Frames.Where(f => f.Channel == channel).SelectMany(f => f.Payload)];

    public Task SendAsync(byte channel, ReadOnlyMemory<byte> payload, bool asText = false) => _socket.SendAsync(
        new ReadOnlyMemory<byte>([channel, .. payload.Span]), asText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, _deadline.Token).AsTask();

    public Task SendCloseAsync() => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", _deadline.Token);

    /// <summary>Reads until the server closes, or until a frame of the channel has come.</summary>
    /// <returns>The code of the close; null when the connection was cut or the frame came first.</returns>
    public async Task<int?> ReadAsync(int? untilChannel = null)
    {
        var buffer = new byte[128 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var frame = await _socket.ReceiveAsync(buffer.AsMemory(), _deadline.Token);
                if (frame.MessageType == WebSocketMessageType.Close)
                {
                    if (_socket.State == WebSocketState.CloseReceived)
                        await SendCloseAsync();
                    return (int?)_socket.CloseStatus;
                }

                message.Write(buffer, 0, frame.Count);
                if (!frame.EndOfMessage)
                    continue;
                Frames.Add((message.GetBuffer()[0], message.ToArray()[1..]));
                message.SetLength(0);
                if (Frames[^1].Channel == untilChannel && Frames[^1].Payload.Length > 0)
                    return null;
            }
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _invoker.Dispose();
        _deadline.Dispose();
    }

    /// <summary>Keeps the answer to a handshake that was refused.</summary>
    private sealed class Refusal() : DelegatingHandler(new SocketsHttpHandler())
    {
        public HttpResponseMessage? Answer { get; private set; }

        public string Body { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if ((int)answer.StatusCode != 101)
            {
                Answer = answer;
                Body = await answer.Content.ReadAsStringAsync(cancellationToken);
            }

            return answer;
        }
    }
}
