using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Talon.Host.Tests.Support;

/// <summary>A web server on the loopback that keeps the bodies it was sent and gives one answer.</summary>
internal sealed class AnsweringServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpListenerRequest, (int Status, string Text)> _answer;
    private readonly Task _running;

    public AnsweringServer(Func<HttpListenerRequest, (int Status, string Text)> answer)
    {
        _answer = answer;
        Url = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
        _listener.Prefixes.Add($"{Url}/");
        _listener.Start();
        _running = RunAsync();
    }

    public string Url { get; }

    public ConcurrentQueue<string> Bodies { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _running;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            Bodies.Enqueue(await reader.ReadToEndAsync());
            (context.Response.StatusCode, string text) = _answer(context.Request);
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
            context.Response.Close();
        }
    }
}
