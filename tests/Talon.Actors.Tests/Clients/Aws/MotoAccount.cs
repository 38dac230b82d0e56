using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Talon.Actors.Clients.Aws;
using Talon.Testing.Tools;

namespace Talon.Actors.Tests.Clients.Aws;

/// <summary>An account of AWS in the emulator moto: a role and a user that may call the function <see cref="Function"/>, and a user that may not.</summary>
internal sealed class MotoAccount : IAsyncDisposable
{
    public const string Function = "responder";
    public const string Role = "arn:aws:iam::123456789012:role/responder";
    public const string Region = "us-east-1";

    // What is made before anything is checked: the role, its policy, the user, its policy and key, the function, the other user and its key. The
    // call that asks whether the emulator answers at all is a call of S3 to it, and counts too.
    private const int OwnCalls = 9;

    private const string Policy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["lambda:GetFunction","lambda:Invoke","sts:AssumeRole"],"Resource":"*"}]}""";

    private const string Trust = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}""";

    private readonly HttpClient _http;

    private MotoAccount(ToolServer server)
    {
        Server = server;
        _http = new HttpClient { BaseAddress = server.Address };
    }

    public ToolServer Server { get; }

    /// <summary>The keys of the user that may.</summary>
    public AwsOptions Allowed { get; private set; } = new();

    /// <summary>The keys of the user that may not.</summary>
    public AwsOptions Other { get; private set; } = new();

    /// <param name="uncheckedCalls">How many calls after these are not checked yet: one without a signature is refused otherwise, whatever it is.</param>
    public static async Task<MotoAccount> StartAsync(int uncheckedCalls = 0)
    {
        var account = new MotoAccount(await ToolServer.StartMotoAsync(OwnCalls + uncheckedCalls));
        try
        {
            await account.SetUpAsync();
            return account;
        }
        catch
        {
            await account.DisposeAsync();
            throw;
        }
    }

    public AwsConnection Connect(AwsOptions options) =>
        new(options, name => name == "AWS_ENDPOINT_URL" ? Server.Address.ToString() : null, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }

    private async Task SetUpAsync()
    {
        // Functions answer with a text of the emulator, instead of being run in Docker. This call is none of AWS and not counted.
        using (var content = new StringContent("""{"lambda":{"use_docker":false}}""", Encoding.UTF8, "application/json"))
        using (var answer = await _http.PostAsync("/moto-api/config", content))
        {
            answer.EnsureSuccessStatusCode();
        }

        await IamAsync("CreateRole", ("RoleName", "responder"), ("AssumeRolePolicyDocument", Trust));
        await IamAsync("PutRolePolicy", ("RoleName", "responder"), ("PolicyName", "p"), ("PolicyDocument", Policy));
        await IamAsync("CreateUser", ("UserName", "talon"));
        await IamAsync("PutUserPolicy", ("UserName", "talon"), ("PolicyName", "p"), ("PolicyDocument", Policy));
        Allowed = await KeyAsync("talon");
        await CreateFunctionAsync();
        await IamAsync("CreateUser", ("UserName", "nobody"));
        Other = await KeyAsync("nobody");
    }

    private async Task<AwsOptions> KeyAsync(string user)
    {
        var answer = XDocument.Parse(await IamAsync("CreateAccessKey", ("UserName", user)));
        string Of(string name) => answer.Descendants().Single(element => element.Name.LocalName == name).Value;
        return new AwsOptions { Region = Region, AccessKey = Of("AccessKeyId"), SecretKey = Of("SecretAccessKey") };
    }

    private async Task<string> IamAsync(string action, params (string Name, string Value)[] values)
    {
        using var request = Request("/", "iam");
        request.Content = new FormUrlEncodedContent(
            values.Append(("Action", action)).Append(("Version", "2010-05-08")).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)));
        return await SendAsync(request);
    }

    private async Task CreateFunctionAsync()
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
                ["FunctionName"] = Function,
                ["Runtime"] = "python3.12",
                ["Role"] = Role,
                ["Handler"] = "f.handler",
                ["Code"] = new JsonObject { ["ZipFile"] = Convert.ToBase64String(zip.ToArray()) },
            }.ToJsonString(),
            Encoding.UTF8,
            "application/json");
        await SendAsync(request);
    }

    // Not signed: nothing is checked yet, and the scope only says which service is meant.
    private static HttpRequestMessage Request(string path, string service)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "AWS4-HMAC-SHA256", $"Credential=AKIA/20260101/{Region}/{service}/aws4_request, SignedHeaders=host, Signature=0");
        return request;
    }

    private async Task<string> SendAsync(HttpRequestMessage request)
    {
        using var answer = await _http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }
}
