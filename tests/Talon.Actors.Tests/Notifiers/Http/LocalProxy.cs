using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Talon.Actors.Tests.Notifiers.Http;

/// <summary>A proxy on 127.0.0.1: tunnels after CONNECT, and passes on requests whose target is a whole URL.</summary>
internal sealed class LocalProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    public LocalProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>For a client.</summary>
    public IWebProxy Web => new WebProxy(new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));

    /// <summary>The first line of each request to the proxy.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll([_accepting, .. _connections]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _connections.Add(ServeAsync(client));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            var near = client.GetStream();
            byte[] head = await ReadHeadAsync(near);
            string line = Encoding.ASCII.GetString(head).Split("\r\n")[0];
            _lines.Enqueue(line);
            string[] words = line.Split(' ');
            bool tunnels = words[0] == "CONNECT";
            var target = new Uri(tunnels ? $"http://{words[1]}" : words[1]);
            await server.ConnectAsync(IPAddress.Loopback, target.Port, _stop.Token);
            var far = server.GetStream();
            if (tunnels)
            {
                await near.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _stop.Token);
            }
            else
            {
                await far.WriteAsync(head, _stop.Token);
            }

            await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
        }
    }

    private async Task<byte[]> ReadHeadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (!(head.Count >= 4 && head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray())) && await stream.ReadAsync(one, _stop.Token) == 1)
        {
            head.Add(one[0]);
        }

        return [.. head];
    }
}
