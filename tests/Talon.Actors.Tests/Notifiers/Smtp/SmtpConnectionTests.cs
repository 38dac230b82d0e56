using System.Net;
using System.Net.Sockets;
using System.Text;
using Talon.Actors.Notifiers.Smtp;
using Talon.Actors.Plugins;

namespace Talon.Actors.Tests.Notifiers.Smtp;

/// <summary>Servers that do not behave: each is a socket that says what it is told to.</summary>
public sealed class SmtpConnectionTests
{
    [Fact]
    public async Task Send_NobodyListens_IsTriedAgain()
    {
        var troubled = Assert.IsType<NotifyResult.Troubled>(await SendAsync(FreePorts.Take(1)[0]));

        Assert.StartsWith("no connection: ", troubled.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("220-half an ")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    public async Task Send_ServerCutsTheLine_IsTriedAgain(string greeting)
    {
        var troubled = Assert.IsType<NotifyResult.Troubled>(await SendToAsync(greeting, isCut: true));

        Assert.StartsWith("the connection broke: ", troubled.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("421 too busy\r\n", false)]
    [InlineData("554 not for you\r\n", true)]
    public async Task Send_GreetingIsAnError_ItsCodeDecides(string greeting, bool forGood)
    {
        var result = await SendToAsync(greeting, isCut: true);

        Assert.Equal(forGood, result is NotifyResult.Refused);
        Assert.Contains($"{greeting[..3]}: {greeting[4..].Trim()}", $"{result}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_AnswerWithoutEnd_IsReadUpToABound()
    {
        var troubled = Assert.IsType<NotifyResult.Troubled>(await SendToAsync(string.Concat(Enumerable.Repeat("220-still here\r\n", 100_000)), isCut: false));

        Assert.Equal("the connection broke: the server said more than 256 KiB", troubled.Reason);
    }

    [Fact]
    public async Task Send_ServerIsSilent_EndsWithItsToken()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendToAsync("", isCut: false, deadline.Token));
    }

    private static async Task<NotifyResult> SendToAsync(string greeting, bool isCut, CancellationToken cancellationToken = default)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var end = new CancellationTokenSource();
        var serving = ServeAsync();
        try
        {
            return await SendAsync(((IPEndPoint)listener.LocalEndpoint).Port, cancellationToken);
        }
        finally
        {
            await end.CancelAsync();
            await serving;
        }

        async Task ServeAsync()
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(end.Token);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(greeting), end.Token);
                if (!isCut)
                {
                    await Task.Delay(Timeout.Infinite, end.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
            }
        }
    }

    private static Task<NotifyResult> SendAsync(int port, CancellationToken cancellationToken = default) => new SmtpNotifier(
        new SmtpSettings { Host = "127.0.0.1", Port = port, From = "talon@example.org", To = ["a@example.org"] },
        TimeProvider.System,
        new KeptLog()).SendAsync([Records.Success], cancellationToken);
}
