namespace Talon.Chaos.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Parse_Nothing_IsTheWholeTableOverThreeSeeds()
    {
        var line = CommandLine.Parse([], out _)!;

        Assert.Equal(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], line.Scenarios.Select(s => s.Id));
        Assert.Equal([1, 2, 3], line.Seeds);
    }

    [Fact]
    public void Parse_EverythingGiven_IsTaken()
    {
        var line = CommandLine.Parse(["--scenario", "short,b", "--seed", "9", "--rate", "30", "--out", "/x/y", "--version", "1.0 (abc)"], out _)!;

        Assert.Equal(["short-kill", "short-rolling", "short-freeze", "short-database", "b"], line.Scenarios.Select(s => s.Id));
        Assert.Equal([9], line.Seeds);
        Assert.Equal((30, "/x/y", "1.0 (abc)"), (line.Rate, line.Out, line.Version));
    }

    [Theory]
    [InlineData("1,2", "--seeds", "2")]
    [InlineData("4242", "--seed", "4242")]
    [InlineData("4242", "--seed", "4242", "--seeds", "1")]
    [InlineData("4242,4243,4244", "--seeds", "3", "--seed", "4242")]
    public void Parse_SeedAndSeeds_AreTheFirstAndHowMany(string expected, params string[] arguments) =>
        Assert.Equal(expected, string.Join(',', CommandLine.Parse(arguments, out _)!.Seeds));

    [Theory]
    [InlineData("--seed is given twice", "--seed", "1", "--seed", "2")]
    [InlineData("--out is given twice", "--out", "a", "--seeds", "1", "--out", "b")]
    [InlineData("there are no 2 seeds from 2147483647 on", "--seed", "2147483647", "--seeds", "2")]
    [InlineData("there is no scenario 'z'", "--scenario", "z")]
    [InlineData("no whole number", "--seeds", "0")]
    [InlineData("needs a value", "--seed")]
    [InlineData("unknown argument '--nope'", "--nope")]
    [InlineData("needs more than one node", "--single")]
    public void Parse_Wrong_SaysSo(string what, params string[] arguments)
    {
        Assert.Null(CommandLine.Parse(arguments, out string fault));
        Assert.Contains(what, fault, StringComparison.Ordinal);
        Assert.Contains("usage:", fault, StringComparison.Ordinal);
    }
}
