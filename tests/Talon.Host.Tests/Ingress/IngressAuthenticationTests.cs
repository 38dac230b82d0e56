using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Talon.Host.Ingress;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Ingress;

public sealed class IngressAuthenticationTests
{
    private const string Secret = "s3cret-ü";

    [Fact]
    public async Task Post_WithoutToken_Is401WithChallengeAndNoEvent()
    {
        await using var server = await TestServer.StartAsync(ingress: new IngressOptions { Authentication = TestServer.Token(Secret) });

        var response = await server.PostAsync(TestEvents.Shell);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains("Basic", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Intake.Taken);
        await server.AssertMetricAsync("talon_ingress_refused_total{cause=\"auth\"}", 1);
    }

    [Fact]
    public async Task Post_TooLargeAndWithoutToken_Is413()
    {
        await using var server = await TestServer.StartAsync(ingress: new IngressOptions { MaxBody = 10, Authentication = TestServer.Token(Secret) });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await server.PostAsync(TestEvents.Shell)).StatusCode);
    }

    [Fact]
    public async Task Post_WithTokenInTheUrlAsFalcosidekickSendsIt_IsTaken()
    {
        await using var server = await TestServer.StartAsync(ingress: new IngressOptions { Authentication = TestServer.Token("abc") });
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("sidekick:abc"u8));

        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(TestEvents.Shell)).StatusCode);
        Assert.Single(server.Intake.Taken);
    }

    [Fact]
    public async Task Health_WithoutToken_IsAnswered()
    {
        await using var server = await TestServer.StartAsync(ingress: new IngressOptions { Authentication = TestServer.Token(Secret) });

        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/readyz")).StatusCode);
    }

    public static TheoryData<string, bool> Headers() => new()
    {
        { $"Bearer {Secret}", true },
        { $"bearer {Secret}", true },
        { $"Bearer   {Secret} ", true },
        { Basic($"user:{Secret}"), true },
        { Basic($":{Secret}"), true },
        { Basic(Secret), false },
        { Basic($"{Secret}:"), false },
        { Basic($"user:{Secret}x"), false },
        { "Basic %%%", false },
        { "Basic", false },
        { "Bearer", false },
        { "Bearer ", false },
        { $"Bearer {Secret}x", false },
        { "Bearer s3cret", false },
        { Secret, false },
        { $"Digest {Secret}", false },
        { "Bearer " + new string('x', 9000), false },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Allows_Header_OnlyTheToken(string header, bool allowed) =>
        Assert.Equal(allowed, TestServer.Token(Secret).Allows(header));

    [Fact]
    public void Allows_NoHeaderOrTwo_Nobody()
    {
        var authentication = TestServer.Token(Secret);

        Assert.False(authentication.Allows(default));
        Assert.False(authentication.Allows(new Microsoft.Extensions.Primitives.StringValues([$"Bearer {Secret}", $"Bearer {Secret}"])));
    }

    private static string Basic(string text) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
