using System.Text.RegularExpressions;

namespace Talon.Architecture.Tests.Repository;

/// <summary>The two rules of style that no build checks; the others are errors of the build, from .editorconfig.</summary>
public sealed partial class SourceStyleTests
{
    private static IEnumerable<string> Sources => new[] { "src", "tests" }
        .SelectMany(folder => RepositoryFiles.All(RepositoryFiles.PathOf(folder)))
        .Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    [Fact]
    public void Usings_AreSorted_SystemFirst() =>
        Assert.Equal([], Sources.Where(file => !AreSorted(File.ReadLines(file))).Select(file => Path.GetRelativePath(RepositoryFiles.Root, file)));

    [Fact]
    public void Members_AreNotQualifiedWithThis() => Assert.Equal(
        [],
        Sources.Where(file => File.ReadLines(file).Any(line => Qualified().IsMatch(line))).Select(file => Path.GetRelativePath(RepositoryFiles.Root, file)));

    [Theory]
    [InlineData("System;System.Net;Akka;Akka.Actor;k8s;Talon.Rules", true)]
    [InlineData("Akka;System", false)]
    [InlineData("Talon.Rules;Talon.Actors", false)]
    [InlineData("k8s.Models;k8s", false)]
    public void AreSorted_Sample_IsTold(string names, bool sorted) =>
        Assert.Equal(sorted, AreSorted(names.Split(';').Select(name => $"using {name};")));

    [Theory]
    [InlineData("return th|is._count;", true)]
    [InlineData("Add(th|is.Count);", true)]
    [InlineData("/// like th|is.", false)]
    [InlineData("static int Of(th|is string text)", false)]
    public void Qualified_Sample_IsTold(string line, bool found) =>
        Assert.Equal(found, Qualified().IsMatch(line.Replace("|", "", StringComparison.Ordinal)));

    private static bool AreSorted(IEnumerable<string> lines)
    {
        string[] names = [.. lines.Select(line => Using().Match(line)).Where(match => match.Success).Select(match => match.Groups["name"].Value)];
        return names.SequenceEqual(names.OrderBy(name => name != "System" && !name.StartsWith("System.", StringComparison.Ordinal)).ThenBy(name => name, StringComparer.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"^using (?<name>[\w.]+);$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Using();

    [GeneratedRegex(@"^[^/""]*\bthis\.\w", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Qualified();
}
