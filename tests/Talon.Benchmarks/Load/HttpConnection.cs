using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Talon.Benchmarks.Load;

/// <summary>
/// One keep-alive connection with as little work as can be: a blocking socket, ready-made request bytes, and of the answer only
/// the status and the length. It shares the processors with the server, so what it costs the server does not get.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly IPEndPoint _server;
    private readonly byte[] _buffer = new byte[4096];
    private Socket? _socket;

    public HttpConnection(IPEndPoint server)
    {
        _server = server;
        _socket = Connect(server);
    }

    /// <summary>The bytes of a POST of that body.</summary>
    public static byte[] Request(IPEndPoint server, ReadOnlySpan<byte> body)
    {
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST / HTTP/1.1\r\nHost: {server}\r\nUser-Agent: Falcosidekick\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. head, .. body];
    }

    /// <summary>Sends a request and reads the answer to its end.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="IOException">The server closed the connection or sent something that is no plain HTTP/1.1 answer.</exception>
    /// <exception cref="SocketException">The connection broke, or no answer came within 30 s.</exception>
    public int Exchange(ReadOnlySpan<byte> request)
    {
        var socket = _socket ??= Connect(_server);
        while (!request.IsEmpty)
        {
            request = request[socket.Send(request)..];
        }

        int filled = 0;
        int head;
        do
        {
            filled += Receive(socket, filled);
            head = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
        }
        while (head < 0);

        int left = head + 4 + LengthOf(_buffer.AsSpan(0, head)) - filled;
        while (left > 0)
        {
            left -= Receive(socket, 0, left);
        }

        return Utf8Parser.TryParse(_buffer.AsSpan(9, 3), out int status, out _) ? status : throw new IOException("an answer without a status");
    }

    /// <summary>Gives up the connection after a failure; the next exchange opens another.</summary>
    public void Drop()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose() => Drop();

    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length:"u8;
        int at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..].TrimStart((byte)' '), out int length, out _)
            ? length
            : throw new IOException("an answer without Content-Length");
    }

    private static Socket Connect(IPEndPoint server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Deadline.TotalMilliseconds,
            SendTimeout = (int)Deadline.TotalMilliseconds,
        };
        socket.Connect(server);
        return socket;
    }

    private int Receive(Socket socket, int from, int most = int.MaxValue)
    {
        int room = Math.Min(most, _buffer.Length - from);
        int read = room > 0 ? socket.Receive(_buffer.AsSpan(from, room)) : 0;
        return read > 0 ? read : throw new IOException(room > 0 ? "the server closed the connection" : "an answer with too long a head");
    }
}
