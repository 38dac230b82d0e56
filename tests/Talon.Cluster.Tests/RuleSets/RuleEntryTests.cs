using Akka.Actor;
using Akka.Cluster;
using Talon.Cluster.RuleSets;

namespace Talon.Cluster.Tests.RuleSets;

public sealed class RuleEntryTests
{
    private static readonly UniqueAddress Node = new(new Address("akka.tcp", "talon", "a", 7), -3);

    [Fact]
    public void KeyAndValue_AreAsOtherVersionsReadThem()
    {
        Assert.Equal("akka.tcp://talon@a:7#-3", RuleEntry.Key(Node));
        Assert.Equal("1000:cafe", RuleEntry.Value("cafe", DateTimeOffset.FromUnixTimeMilliseconds(1_000)));
    }

    [Fact]
    public void Read_WhatWasWritten_ComesBack() => Assert.Equal(
        new NodeRules("akka.tcp://talon@a:7", "cafe", DateTimeOffset.FromUnixTimeMilliseconds(1_000)),
        RuleEntry.Read(RuleEntry.Key(Node), RuleEntry.Value("cafe", DateTimeOffset.FromUnixTimeMilliseconds(1_000))));

    [Theory]
    [InlineData("", "1:a")]
    [InlineData("a", "1:a")]
    [InlineData("a#1", "")]
    [InlineData("a#1", "a")]
    [InlineData("a#1", ":a")]
    [InlineData("a#1", "x:a")]
    [InlineData("a#1", "9223372036854775807:a")]
    public void Read_SomethingElse_IsLeftOut(string key, string value) => Assert.Null(RuleEntry.Read(key, value));
}
