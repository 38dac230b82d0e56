using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Talon.Actors.Tests.Pipeline.Postgres;

/// <summary>
/// Stands between a node and PostgreSQL. When told to it lets the COMMIT of one INSERT through, waits for its answer, swallows that and cuts the
/// connection: what is seen of a database that dies between its commit and its answer.
/// </summary>
internal sealed class AnswerEater : IAsyncDisposable
{
    private static readonly byte[] Commit = "COMMIT\0"u8.ToArray();
    private static readonly byte[] Insert = "INSERT INTO"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly EndPoint _server;
    private readonly Task _accepting;
    private int _wanted;
    private int _eaten;

    public AnswerEater(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        _server = new IPEndPoint(IPAddress.Loopback, builder.Port);
        _listener.Start();
        builder.Host = "127.0.0.1";
        builder.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        ConnectionString = builder.ToString();
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>How many answers it has swallowed.</summary>
    public int Eaten => Volatile.Read(ref _eaten);

    /// <summary>Swallows the answer to the next COMMIT of an INSERT.</summary>
    public void EatNext() => Volatile.Write(ref _wanted, 1);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                await server.ConnectAsync(_server, _stop.Token);
                bool writes = false;
                bool eats = false;
                var up = CopyAsync(
                    client,
                    server,
                    data =>
                    {
                        writes |= data.Span.IndexOf(Insert) >= 0;
                        if (data.Span.IndexOf(Commit) >= 0)
                        {
                            eats |= writes && Interlocked.Exchange(ref _wanted, 0) == 1;
                            writes = false;
                        }
                    },
                    null);
                var down = CopyAsync(server, client, null, () => eats);
                await Task.WhenAny(up, down);
                client.Close();
                server.Close();
                await Task.WhenAll(up, down);
            }
            catch (SocketException)
            {
                // The server is away: so is the connection of the client.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, Action<ReadOnlyMemory<byte>>? look, Func<bool>? eats)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is var length and > 0)
            {
                if (eats?.Invoke() == true)
                {
                    Interlocked.Increment(ref _eaten);
                    return;
                }

                look?.Invoke(buffer.AsMemory(0, length));
                for (int sent = 0; sent < length;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction has ended, or the test.
        }
    }
}
