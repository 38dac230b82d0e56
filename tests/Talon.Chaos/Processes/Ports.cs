using System.Net;
using System.Net.Sockets;

namespace Talon.Chaos.Processes;

/// <summary>Free ports below those that the kernel gives to clients, so that none is taken while a node is down.</summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    public static int Take(Random random)
    {
        for (int tries = 0; tries < 1_000; tries++)
        {
            int port = random.Next(First, Last);
            lock (Gate)
            {
                if (!Given.Contains(port) && IsFree(port))
                {
                    Given.Add(port);
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"no free port from {First} to {Last}");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
