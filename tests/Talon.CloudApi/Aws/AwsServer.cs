using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Talon.Actors.Clients.Aws;

namespace Talon.CloudApi.Aws;

/// <summary>
/// Lambda and STS on a port of 127.0.0.1, as far as Talon calls them. Every call must be signed by a key that it knows; what a function does, a
/// test says.
/// </summary>
public sealed class AwsServer : IAsyncDisposable
{
    public const string KeyId = "AKIAIOSFODNN7STATIC0";
    public const string Secret = "canary-secret-9b1c/K7MDENG+bPxRfi";
    public const string RoleKeyId = "ASIAIOSFODNN7ROLE000";
    public const string RoleSecret = "canary-role-secret-52af";
    public const string RoleToken = "canary-session-token-77e0==";
    public const string WebKeyId = "ASIAIOSFODNN7WEB0000";
    public const string WebSecret = "canary-web-secret-c3d4";
    public const string WebToken = "canary-web-session-token-18ab==";
    public const string WebIdentity = "canary.web.identity";
    public const string Region = "eu-west-1";

    /// <summary>What must appear nowhere.</summary>
    public static readonly string[] Canaries = ["canary"];

    private readonly WebApplication _web;
    private readonly SignatureCheck _check = new(new Dictionary<string, (string, string?)>(StringComparer.Ordinal)
    {
        [KeyId] = (Secret, null),
        [RoleKeyId] = (RoleSecret, RoleToken),
        [WebKeyId] = (WebSecret, WebToken),
    });

    private AwsServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _web = builder.Build();
        _web.Run(HandleAsync);
    }

    public Uri Address => new(_web.Urls.First());

    /// <summary>All calls in their order.</summary>
    public ConcurrentQueue<AwsCall> Calls { get; } = new();

    public IEnumerable<AwsCall> Invocations => Calls.Where(call => call.Method == "POST" && call.Target.Contains("/invocations", StringComparison.Ordinal));

    /// <summary>Answers a signed <c>GetFunction</c>.</summary>
    public Func<HttpContext, Task> Find { get; set; } = static http => WriteAsync(http, 200, """{"Code":{"Location":"https://example.com/canary-code"}}""");

    /// <summary>Answers a signed call of a function.</summary>
    public Func<HttpContext, Task> Invoke { get; set; } = static http => http.Request.Headers["X-Amz-Invocation-Type"].ToString() switch
    {
        "Event" => WriteAsync(http, 202, ""),
        "DryRun" => WriteAsync(http, 204, null),
        _ => WriteAsync(http, 200, """{"done":true}"""),
    };

    /// <summary>Answers STS before its own answer; true when it did.</summary>
    public Func<HttpContext, Task<bool>> Sts { get; set; } = static _ => Task.FromResult(false);

    public static async Task<AwsServer> StartAsync()
    {
        var server = new AwsServer();
        await server._web.StartAsync();
        return server;
    }

    /// <summary>The options of a Talon with static keys.</summary>
    public static AwsOptions Keys { get; } = new() { Region = Region, AccessKey = KeyId, SecretKey = Secret };

    /// <summary>A connection to this server.</summary>
    public AwsConnection Connect(AwsOptions? options = null, TimeProvider? clock = null, params (string Name, string Value)[] environment) =>
        new(options ?? Keys, Variables(environment), clock ?? TimeProvider.System);

    /// <summary>An environment that leads to this server and to no metadata service.</summary>
    public Func<string, string?> Variables(params (string Name, string Value)[] more)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal) { ["AWS_ENDPOINT_URL"] = Address.ToString(), ["AWS_EC2_METADATA_DISABLED"] = "true" };
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return name => all.GetValueOrDefault(name);
    }

    public static async Task WriteAsync(HttpContext http, int status, string? body, string type = "application/json")
    {
        http.Response.StatusCode = status;
        if (body is not null)
        {
            http.Response.ContentType = type;
            await http.Response.WriteAsync(body, http.RequestAborted);
        }
    }

    /// <summary>An error as Lambda sends it.</summary>
    public static Func<HttpContext, Task> Error(int status, string code, string message, string? retryAfter = null) => http =>
    {
        http.Response.Headers["x-amzn-ErrorType"] = $"{code}:http://internal.amazon.com/coral/com.amazonaws.lambda/";
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        return WriteAsync(http, status, $$"""{"Type":"User","Message":"{{message}}"}""");
    };

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.Zero);
        await _web.StopAsync(patience.Token);
        await _web.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        using var read = new MemoryStream();
        await http.Request.Body.CopyToAsync(read);
        byte[] body = read.ToArray();
        var call = new AwsCall(
            http.Request.Method,
            http.Features.Get<IHttpRequestFeature>()!.RawTarget,
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Encoding.UTF8.GetString(body));
        Calls.Enqueue(call);
        if (call.Body.Contains("Action=AssumeRoleWithWebIdentity", StringComparison.Ordinal))
        {
            await StsAsync(http, call, "AssumeRoleWithWebIdentity", Credentials(WebKeyId, WebSecret, WebToken));
            return;
        }

        if (_check.Problem(http.Request, body) is { } problem)
        {
            // The real one quotes the request, and the session token is part of it.
            await Error(403, "InvalidSignatureException", $"{problem.ReplaceLineEndings("\\n")} {http.Request.Headers["X-Amz-Security-Token"]}")(http);
            return;
        }

        await (call switch
        {
            { Method: "GET" } => Find(http),
            _ when call.Body.Contains("Action=AssumeRole&", StringComparison.Ordinal) => StsAsync(http, call, "AssumeRole", Credentials(RoleKeyId, RoleSecret, RoleToken)),
            _ when call.Body.Contains("Action=GetCallerIdentity", StringComparison.Ordinal) =>
                StsAsync(http, call, "GetCallerIdentity", "<Arn>arn:aws:iam::123456789012:user/talon</Arn><UserId>AIDA</UserId><Account>123456789012</Account>"),
            _ => Invoke(http),
        });
    }

    private async Task StsAsync(HttpContext http, AwsCall call, string action, string result)
    {
        if (!await Sts(http))
        {
            await WriteAsync(
                http, 200, $"<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>{result}</{action}Result></{action}Response>", "text/xml");
        }
    }

    private static string Credentials(string key, string secret, string token)
    {
        string end = TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $"<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{token}</SessionToken><Expiration>{end}</Expiration></Credentials>";
    }
}

/// <summary>One call as it came.</summary>
/// <param name="Target">The path and query, as sent.</param>
public sealed record AwsCall(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);
