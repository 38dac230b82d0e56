using Talon.Actors.Catalog;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;

namespace Talon.Architecture.Tests.Repository;

/// <summary>What a user may copy from here is safe to copy.</summary>
public sealed class RuleExampleTests
{
    private const string Unsafe = """
        Like this:

            - action: Fetch
              actionner: kubernetes:log

            - rule: R
              match:
                source: syscall
              actions:
                - action: Fetch
                - action: Terminate
                  actionner: kubernetes:terminate

        and so on.
        """;

    // Files of tests that are wrong on purpose.
    private static readonly string Wrong = RepositoryFiles.PathOf("tests", "Talon.Rules.Tests", "Golden") + Path.DirectorySeparatorChar;

    [Fact]
    public void Examples_WithEvidenceBeforeAKill_IgnoreItsErrors()
    {
        var files = RepositoryFiles.All(RepositoryFiles.Root)
            .Where(file => Path.GetExtension(file) is ".md" or ".yaml" && !file.StartsWith(Wrong, StringComparison.Ordinal));
        var examples = files.SelectMany(file => RuleExamples.In(File.ReadAllText(file)).Select(text => (File: Path.GetRelativePath(RepositoryFiles.Root, file), Text: text))).ToList();

        Assert.Contains(examples, example => example.File == "README.md");
        Assert.Contains(examples, example => example.File == Path.Combine("docs", "evidence.md"));
        Assert.Contains(examples, example => example.File == Path.Combine("deploy", "k8s", "common", "rules.yaml"));
        Assert.Equal([], examples.SelectMany(example => Warned(example.Text).Select(action => $"{example.File}: {action}")));
    }

    [Fact]
    public void Examples_OneThatIsNotSafe_IsFound() => Assert.Equal(["Fetch"], Warned(Assert.Single(RuleExamples.In(Unsafe))));

    private static IEnumerable<string?> Warned(string text) => RuleLoader
        .Load([new RuleFile("example.yaml", text)], PluginCatalog.Default, new RuleLoadOptions { Lenient = true })
        .Diagnostics
        .Where(found => found.Message.StartsWith("whoever controls the container can make", StringComparison.Ordinal))
        .Select(found => found.Action);
}
