using System.Text.Json;
using Talon.Rules.Outcomes;
using Talon.Testing.Tools;

namespace Talon.Actors.Tests.Actionners.Functions.GcpFunction;

/// <summary><c>gcp:function</c> against what runs functions at Google.</summary>
[Trait("Speed", "Slow")]
public sealed class FunctionsFrameworkTests
{
    private const string Source =
        """
        exports.answer = (request, response) => response.status(201).json({
          rule: request.body.rule,
          key: request.get('idempotency-key'),
          context: request.body.context,
          bearer: (request.get('authorization') || '').startsWith('Bearer '),
        });
        """;

    [ToolFact(TestTool.FunctionsFramework)]
    public async Task Run_RealFramework_ReadsTheEventAndAnswers()
    {
        using var folder = new TempFolder();
        await using var framework = await ToolServer.StartFunctionAsync(folder.Write("index.cjs", Source), "answer");
        await using var rig = await FunctionRig.StartAsync();
        rig.Google.Functions.OtherUrl = framework.Address.ToString();

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync());

        Assert.Equal("201", done.Objects["function_response_status"]);
        using var answer = JsonDocument.Parse(Assert.Single(done.Captured).Text);
        Assert.Equal("0123456789abcdef0123456789abcdef-1/0", answer.RootElement.GetProperty("key").GetString());
        Assert.Equal("0123456789abcdef0123456789abcdef-1/0", answer.RootElement.GetProperty("context").GetProperty("talon.idempotency_key").GetString());
        Assert.True(answer.RootElement.GetProperty("bearer").GetBoolean());
        Assert.NotEmpty(answer.RootElement.GetProperty("rule").GetString()!);
    }
}
