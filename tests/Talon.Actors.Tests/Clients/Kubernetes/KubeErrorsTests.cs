using System.Net;
using k8s.Autorest;
using k8s.Exceptions;
using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Clients.Kubernetes;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Clients.Kubernetes;

public sealed class KubeErrorsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("5", 5)]
    [InlineData("0", 0)]
    [InlineData("Tue, 24 Nov 2026 12:00:30 GMT", 30)]
    [InlineData("Tue, 24 Nov 2026 11:00:00 GMT", 0)]
    [InlineData("999999", 600)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    public void TryClassify_RetryAfterHeader_IsReadAsSecondsOrDateAndBounded(string header, int? seconds)
    {
        var error = Classify(Answer(429, "", header));

        Assert.Equal(FailureKind.Throttled, error.Kind);
        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : null, error.RetryAfter);
    }

    [Fact]
    public void TryClassify_CredentialPluginThatFails_WasNotSent() =>
        Assert.Equal(FailureKind.Unreachable, Classify(new KubeConfigException("external exec failed due to timeout")).Kind);

    [Fact]
    public void TryClassify_RetryAfterOnlyInTheStatus_IsTaken() => Assert.Equal(
        TimeSpan.FromSeconds(3),
        Classify(Answer(504, """{"kind":"Status","status":"Failure","reason":"Timeout","details":{"retryAfterSeconds":3},"code":504}""")).RetryAfter);

    [Theory]
    [InlineData("AlreadyExists", true)]
    [InlineData("Conflict", false)]
    public void TryClassify_409_TellsItsReasonsApart(string reason, bool exists)
    {
        var error = Classify(Answer(409, $$"""{"kind":"Status","status":"Failure","reason":"{{reason}}","code":409}"""));

        Assert.Equal(FailureKind.Conflict, error.Kind);
        Assert.Equal(exists, error.AlreadyExists);
        Assert.Equal(reason, error.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("404 page not found")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("""{"kind":"Pod","metadata":{}}""")]
    [InlineData("""{"kind":"Status","reason":7}""")]
    public void TryClassify_404WithoutAStatus_IsNotAnAbsentObject(string body) =>
        Assert.Equal(FailureKind.Rejected, Classify(Answer(404, body)).Kind);

    [Fact]
    public void TryClassify_404WithAStatus_IsAnAbsentObject() => Assert.Equal(
        FailureKind.NotFound, Classify(Answer(404, """{"kind":"Status","status":"Failure","reason":"NotFound","code":404}""")).Kind);

    public static TheoryData<Exception, FailureKind> Transport { get; } = new()
    {
        { new HttpRequestException(HttpRequestError.NameResolutionError), FailureKind.Unreachable },
        { new HttpRequestException(HttpRequestError.ConnectionError), FailureKind.Unreachable },
        { new HttpRequestException(HttpRequestError.SecureConnectionError), FailureKind.Unreachable },
        { new HttpRequestException(HttpRequestError.ResponseEnded), FailureKind.ConnectionLost },
        { new HttpRequestException(HttpRequestError.HttpProtocolError), FailureKind.ConnectionLost },
        { new HttpRequestException(HttpRequestError.Unknown), FailureKind.ConnectionLost },
        { new IOException("cut"), FailureKind.ConnectionLost },
        { new TaskCanceledException("connect", new TimeoutException()), FailureKind.Unreachable },
        { new OperationCanceledException(), FailureKind.Timeout },
        { new FileNotFoundException("token"), FailureKind.Unreachable },
        { new AggregateException(new FileNotFoundException("token")), FailureKind.Unreachable },
        { new System.Text.Json.JsonException("<"), FailureKind.ServerError },
        { new FormatException("time"), FailureKind.ServerError },
    };

    [Theory]
    [MemberData(nameof(Transport))]
    public void TryClassify_Transport_TellsSentAndNotSentApart(Exception exception, FailureKind kind) =>
        Assert.Equal(kind, Classify(exception).Kind);

    [Fact]
    public void TryClassify_FaultOfTheProgram_IsNoError() =>
        Assert.False(KubeErrors.TryClassify(new InvalidOperationException("guard"), "x", TimeProvider.System, out _));

    private static KubeError Classify(Exception exception)
    {
        Assert.True(KubeErrors.TryClassify(exception, "read the pod shop/cart-0", new FakeTimeProvider(Now), out var error));
        Assert.StartsWith("cannot read the pod shop/cart-0", error.Message, StringComparison.Ordinal);
        return error;
    }

    private static HttpOperationException Answer(int status, string body, string? retryAfter = null)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        return new HttpOperationException("not to be shown") { Response = new HttpResponseMessageWrapper(response, body) };
    }
}
