using System.Collections.Immutable;
using Talon.Actors.Clients.Calls;
using Talon.Host.Composition;
using Talon.Host.Reload;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Composition;

public sealed class ProbeInUseTests : IDisposable
{
    private const string Lambda = """
        - action: Call
          actionner: aws:lambda
          parameters: {aws_lambda_name: f}
        - rule: Shell
          match: {rules: [Terminal shell in container]}
          actions:
            - action: Call
        """;

    private readonly TestMeters _meters = new();

    [Fact]
    public async Task Probe_NoRuleGoesThere_IsFineWithoutAsking()
    {
        var asked = new AskedProbe();

        Assert.Null(await new ProbeInUse(asked, Book(TestRules.Shell)).ProbeAsync(CancellationToken.None));
        Assert.Equal(0, asked.Count);
    }

    [Fact]
    public async Task Probe_ARuleGoesThere_Asks()
    {
        var asked = new AskedProbe();

        Assert.Equal("away", await new ProbeInUse(asked, Book(Lambda)).ProbeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Probe_AReloadBringsTheFirst_AsksFromThenOn()
    {
        var asked = new AskedProbe();
        var book = Book(TestRules.Shell);
        var probe = new ProbeInUse(asked, book);
        Assert.Null(await probe.ProbeAsync(CancellationToken.None));

        book.Swap(TestRules.Load(Lambda));

        Assert.Equal("away", await probe.ProbeAsync(CancellationToken.None));
        Assert.Equal("aws", Assert.Single(probe.Categories));
    }

    public void Dispose() => _meters.Dispose();

    private RuleBook Book(string rules) => new(TestRules.Load(rules), _meters.Meters, TimeProvider.System);

    private sealed class AskedProbe : ICategoryProbe
    {
        public ImmutableArray<string> Categories { get; } = ["aws"];

        public int Count { get; private set; }

        public Task<string?> ProbeAsync(CancellationToken cancellationToken)
        {
            Count++;
            return Task.FromResult<string?>("away");
        }
    }
}
