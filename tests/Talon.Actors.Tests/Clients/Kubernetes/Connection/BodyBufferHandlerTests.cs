using System.Net;
using Talon.Actors.Clients.Kubernetes.Connection;

namespace Talon.Actors.Tests.Clients.Kubernetes.Connection;

public sealed class BodyBufferHandlerTests
{
    [Fact]
    public async Task SendAsync_BodyStalls_EndsWithTheToken()
    {
        using var stop = new CancellationTokenSource();
        var body = new StallingBody();
        var sending = SendAsync(new StreamContent(body), 1_000, stop.Token);
        await body.Reading.WaitAsync(TimeSpan.FromSeconds(20));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    public async Task SendAsync_BodySize_IsHeldAtTheBound(int size, bool fits)
    {
        var sending = SendAsync(new StreamContent(new MemoryStream(new byte[size])), 1_000, CancellationToken.None);

        if (fits)
        {
            using var response = await sending;
            Assert.Equal(size, (await response.Content.ReadAsByteArrayAsync()).Length);
        }
        else
        {
            var fault = await Assert.ThrowsAsync<HttpRequestException>(() => sending);
            Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, fault.HttpRequestError);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpContent content, long bound, CancellationToken token)
    {
        using var invoker = new HttpMessageInvoker(new BodyBufferHandler(bound) { InnerHandler = new Wire(content) });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://127.0.0.1:1/version"));
        return await invoker.SendAsync(request, token);
    }

    private sealed class Wire(HttpContent content) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
    }

    private sealed class StallingBody : MemoryStream
    {
        private readonly TaskCompletionSource _reading = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reading => _reading.Task;

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            _reading.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
