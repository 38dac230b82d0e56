using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Clients.Aws;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Clients.Aws;

public sealed class AwsErrorsTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(400, "ThrottlingException", FailureKind.Throttled)]
    [InlineData(429, "", FailureKind.Throttled)]
    [InlineData(503, "SlowDown", FailureKind.Throttled)]
    [InlineData(400, "ExpiredToken", FailureKind.Unauthorized)]
    [InlineData(403, "InvalidSignatureException", FailureKind.Unauthorized)]
    [InlineData(403, "UnrecognizedClientException", FailureKind.Unauthorized)]
    [InlineData(401, "", FailureKind.Unauthorized)]
    [InlineData(403, "AccessDenied", FailureKind.Forbidden)]
    [InlineData(404, "NoSuchBucket", FailureKind.NotFound)]
    [InlineData(409, "ResourceConflictException", FailureKind.Conflict)]
    [InlineData(400, "RequestTimeout", FailureKind.ConnectionLost)]
    [InlineData(301, "PermanentRedirect", FailureKind.Rejected)]
    [InlineData(412, "PreconditionFailed", FailureKind.Rejected)]
    [InlineData(500, "ServiceException", FailureKind.ServerError)]
    [InlineData(503, "", FailureKind.ServerError)]
    public void Classify_Answer_ByStatusAndCode(int status, string code, FailureKind kind)
    {
        var exception = new AmazonServiceException("what it says", ErrorType.Unknown, code, "id", (HttpStatusCode)status);

        Assert.True(AwsErrors.TryClassify(exception, "do it", _clock, out var error));
        Assert.Equal(kind, error.Kind);
        Assert.Equal((status, code), (error.Status, error.Code));
        string said = kind == FailureKind.Unauthorized ? "" : ": what it says";
        Assert.Equal($"cannot do it: {status}{(code.Length > 0 ? " " + code : "")}{said}", error.Message);
    }

    public static TheoryData<Exception, FailureKind> WithoutAnswer => new()
    {
        { new HttpRequestException(HttpRequestError.NameResolutionError, "no such host"), FailureKind.Unreachable },
        { new HttpRequestException(HttpRequestError.ConnectionError, "refused"), FailureKind.Unreachable },
        { new HttpRequestException(HttpRequestError.SecureConnectionError, "bad certificate"), FailureKind.Unreachable },
        { new HttpRequestException(HttpRequestError.ResponseEnded, "ended"), FailureKind.ConnectionLost },
        { new IOException("reset"), FailureKind.ConnectionLost },
        { new SocketException((int)SocketError.ConnectionReset), FailureKind.ConnectionLost },
        { new SocketException((int)SocketError.ConnectionRefused), FailureKind.Unreachable },
        { new TaskCanceledException("", new TimeoutException("connect")), FailureKind.Unreachable },
        { new TaskCanceledException("", new TimeoutException("whole", new TaskCanceledException())), FailureKind.Timeout },
        { new OperationCanceledException(), FailureKind.Timeout },
        { new AmazonServiceException("", new HttpRequestException(HttpRequestError.ConnectionError, "refused")), FailureKind.Unreachable },
        { new AmazonClientException("the digests differ"), FailureKind.ServerError },
    };

    [Theory]
    [MemberData(nameof(WithoutAnswer))]
    public void Classify_NoAnswer_ByType(Exception exception, FailureKind kind)
    {
        Assert.True(AwsErrors.TryClassify(exception, "do it", _clock, out var error));
        Assert.Equal(kind, error.Kind);
        Assert.StartsWith("cannot do it: ", error.Message, StringComparison.Ordinal);
        Assert.Null(error.Status);
    }

    [Fact]
    public void Classify_Fault_IsNone() => Assert.False(AwsErrors.TryClassify(new InvalidOperationException(), "do it", _clock, out _));

    [Theory]
    [InlineData("7", 7)]
    [InlineData("86400", 600)]
    [InlineData("Tue, 24 Nov 2026 08:00:30 GMT", 30)]
    [InlineData("Tue, 24 Nov 2026 07:00:00 GMT", 0)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public void FromAnswer_RetryAfter_IsReadAndBounded(string? header, int? seconds) =>
        Assert.Equal(seconds, (int?)AwsErrors.FromAnswer("do it", 503, "", "", header, _clock).RetryAfter?.TotalSeconds);

    [Fact]
    public void OfCredentials_Exceptions_NeverShowTheirWords()
    {
        var error = AwsErrors.OfCredentials(new AmazonClientException("the program said canary"), "get credentials", _clock);

        Assert.Equal(new AwsError(FailureKind.Unreachable, "cannot get credentials: there are none (AmazonClientException)"), error);
        Assert.Equal(FailureKind.Unreachable, AwsErrors.OfCredentials(new IOException("reset"), "get credentials", _clock).Kind);
    }
}
