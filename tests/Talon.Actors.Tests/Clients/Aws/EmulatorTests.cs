using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Talon.Actors.Actionners.Functions.Lambda;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.Actors.Tests.Actionners.Functions.Lambda;
using Talon.Rules.Outcomes;
using Talon.Testing.Tools;

namespace Talon.Actors.Tests.Clients.Aws;

/// <summary>Lambda and STS of the emulator moto, which checks signatures and rights with code that is not ours.</summary>
[Trait("Speed", "Slow")]
public sealed class EmulatorTests
{
    // The setting, role, user, policy, key, function, other user, its key: what is made before anything is checked.
    private const int UncheckedCalls = 8;
    private const string Role = "arn:aws:iam::123456789012:role/responder";

    [ToolFact(TestTool.Moto)]
    public async Task LambdaAndSts_KeysAndRights_AreChecked()
    {
        await using var moto = await ToolServer.StartMotoAsync(UncheckedCalls);
        var (allowed, other) = await SetUpAsync(moto.Address);
        string? Variable(string name) => name == "AWS_ENDPOINT_URL" ? moto.Address.ToString() : null;

        using var connection = new AwsConnection(allowed, Variable, TimeProvider.System);
        Assert.Null(await connection.ProbeAsync(CancellationToken.None));
        Assert.IsType<ActionOutcome.Succeeded>(await RunAsync(connection, "responder"));
        Assert.IsType<ActionOutcome.Succeeded>(await RunAsync(connection, "responder", "DryRun"));
        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(await RunAsync(connection, "nobody")).Kind);

        using var assuming = new AwsConnection(allowed with { RoleArn = Role, ExternalId = "x1" }, Variable, TimeProvider.System);
        Assert.True((await assuming.ConnectAsync(CancellationToken.None)).TryGet(out var access, out _));
        Assert.StartsWith("ASIA", (await access.Credentials.GetCredentialsAsync()).AccessKey, StringComparison.Ordinal);

        using var wrong = new AwsConnection(allowed with { SecretKey = "canary-wrong" }, Variable, TimeProvider.System);
        string? problem = await wrong.ProbeAsync(CancellationToken.None);
        Assert.Contains("403 SignatureDoesNotMatch", problem, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Unauthorized, Assert.IsType<ActionOutcome.Failed>(await RunAsync(wrong, "responder")).Kind);

        using var without = new AwsConnection(other, Variable, TimeProvider.System);
        Assert.Equal(FailureKind.Forbidden, Assert.IsType<ActionOutcome.Failed>(await RunAsync(without, "responder")).Kind);
    }

    private static async Task<ActionOutcome> RunAsync(AwsConnection connection, string function, string type = "RequestResponse")
    {
        var actionner = new LambdaActionner(new LambdaClient(connection));
        var request = LambdaRig.Request(type, function);
        var outcome = await actionner.PrepareAsync(request, ActionnerRig.Scope()) switch
        {
            Preparation.Ready ready => await actionner.RunAsync(request, ready, ActionnerRig.Scope()),
            Preparation.Done done => done.Outcome,
            var later => throw new InvalidOperationException($"{later}"),
        };
        Assert.DoesNotContain("canary", outcome.ToString(), StringComparison.Ordinal);
        return outcome;
    }

    private static async Task<(AwsOptions Allowed, AwsOptions Other)> SetUpAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };

        // Functions answer with what they were given, instead of being run in Docker.
        using (var answer = await http.PostAsync("/moto-api/config", new StringContent("""{"lambda":{"use_docker":false}}""", Encoding.UTF8, "application/json")))
        {
            answer.EnsureSuccessStatusCode();
        }

        await IamAsync(http, "CreateRole", ("RoleName", "responder"), ("AssumeRolePolicyDocument", "{}"));
        await IamAsync(http, "CreateUser", ("UserName", "talon"));
        await IamAsync(
            http, "PutUserPolicy", ("UserName", "talon"), ("PolicyName", "p"),
            ("PolicyDocument", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["lambda:*","sts:*"],"Resource":"*"}]}"""));
        var allowed = await KeyAsync(http, "talon");
        await CreateFunctionAsync(http);
        await IamAsync(http, "CreateUser", ("UserName", "nobody"));
        return (allowed, await KeyAsync(http, "nobody"));
    }

    private static async Task<AwsOptions> KeyAsync(HttpClient http, string user)
    {
        var answer = XDocument.Parse(await IamAsync(http, "CreateAccessKey", ("UserName", user)));
        string Of(string name) => answer.Descendants().Single(element => element.Name.LocalName == name).Value;
        return new AwsOptions { Region = "us-east-1", AccessKey = Of("AccessKeyId"), SecretKey = Of("SecretAccessKey") };
    }

    private static async Task<string> IamAsync(HttpClient http, string action, params (string Name, string Value)[] values)
    {
        using var request = Request("/", "iam");
        request.Content = new FormUrlEncodedContent(
            values.Append(("Action", action)).Append(("Version", "2010-05-08")).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)));
        return await SendAsync(http, request);
    }

    private static async Task CreateFunctionAsync(HttpClient http)
    {
        using var zip = new MemoryStream();
        await using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var entry = await archive.CreateEntry("f.py").OpenAsync();
            await entry.WriteAsync("def handler(event, context): return event"u8.ToArray());
        }

        using var request = Request("/2015-03-31/functions", "lambda");
        request.Content = new StringContent(
            new JsonObject
            {
                ["FunctionName"] = "responder",
                ["Runtime"] = "python3.12",
                ["Role"] = Role,
                ["Handler"] = "f.handler",
                ["Code"] = new JsonObject { ["ZipFile"] = Convert.ToBase64String(zip.ToArray()) },
            }.ToJsonString(),
            Encoding.UTF8,
            "application/json");
        await SendAsync(http, request);
    }

    // Not signed: nothing is checked yet, and the scope only says which service is meant.
    private static HttpRequestMessage Request(string path, string service)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "AWS4-HMAC-SHA256", $"Credential=AKIA/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0");
        return request;
    }

    private static async Task<string> SendAsync(HttpClient http, HttpRequestMessage request)
    {
        using var answer = await http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }
}
