using System.Diagnostics;
using System.Text.Json;
using Talon.Actors.Tests.Actionners.Functions.Lambda;
using Talon.CloudApi.Aws;
using Talon.Rules.Outcomes;
using Talon.Testing.Tools;

namespace Talon.Actors.Tests.Clients.Aws;

/// <summary>What Talon sent, signed once more by botocore, the library of the AWS CLI.</summary>
[Trait("Speed", "Slow")]
public sealed class SignatureTests
{
    private const string Script =
        """
        import json, sys
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials
        call = json.load(sys.stdin)
        request = AWSRequest(method=call["method"], url=call["url"], data=call["body"].encode(), headers=call["headers"])
        request.context["timestamp"] = call["headers"]["X-Amz-Date"]
        auth = SigV4Auth(Credentials(call["key"], call["secret"]), "lambda", call["region"])
        print(auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request))
        """;

    [ToolFact(TestTool.Moto)]
    public async Task Request_LatestOfAnArn_IsSignedAsBotocoreDoesIt()
    {
        await using var rig = await LambdaRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(LambdaRig.Request(name: "arn:aws:lambda:eu-west-1:123456789012:function:responder")));
        var call = Assert.Single(rig.Server.Invocations);
        Assert.EndsWith("%3Aresponder/invocations?Qualifier=%24LATEST", call.Target, StringComparison.Ordinal);

        string[] authorization = call.Headers["Authorization"].Split(", ");
        string[] signed = authorization[1].Split('=')[1].Split(';');
        Assert.Contains("x-amz-client-context", signed);
        Assert.Contains("x-amz-invocation-type", signed);
        string expected = await BotocoreAsync(rig.Server.Address, call, signed);

        Assert.Equal($"Signature={expected}", authorization[2]);
    }

    private static async Task<string> BotocoreAsync(Uri address, AwsCall call, string[] signed)
    {
        // The names in the case that botocore looks them up with.
        var headers = call.Headers
            .Where(header => signed.Contains(header.Key, StringComparer.OrdinalIgnoreCase) && !string.Equals(header.Key, "Host", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key, header => header.Value, StringComparer.Ordinal);
        string input = JsonSerializer.Serialize(new
        {
            method = call.Method,
            url = $"{address.GetLeftPart(UriPartial.Authority)}{call.Target}",
            headers,
            body = call.Body,
            key = AwsServer.KeyId,
            secret = AwsServer.Secret,
            region = AwsServer.Region,
        });
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Script])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONPATH"] = TestTools.PathOf(TestTool.Moto) },
        };
        using var python = Process.Start(start)!;
        await python.StandardInput.WriteAsync(input);
        python.StandardInput.Close();
        string output = await python.StandardOutput.ReadToEndAsync();
        string error = await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, error);
        return output.Trim();
    }
}
