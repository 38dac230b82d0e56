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
