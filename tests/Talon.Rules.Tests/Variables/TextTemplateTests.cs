using CsCheck;
using Talon.Rules.Variables;

namespace Talon.Rules.Tests.Variables;

public sealed class TextTemplateTests
{
    private static readonly VariableSet Variables = VariableSet.Of(
        Make.EventOf(
            fields: [("fd.name", "\"/etc/shadow\""), ("proc.aname[2]", "\"bash\""), ("evt.arg[path]", "\"p\""), ("a-b.c", "\"abc\""), ("x:-d", "\"odd\""), ("nothing", "null"), ("unknown", "\"<NA>\""), ("empty", "\"\""), ("recursive", "\"${FD_NAME}\"")]),
        [KeyValuePair.Create("falco-talon.rule", "Shell"), KeyValuePair.Create("node.hostname", "node-1")]);

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("cat ${FD_NAME}", "cat /etc/shadow")]
    [InlineData("cat $FD_NAME!", "cat /etc/shadow!")]
    [InlineData("${FD_NAME}${FD_NAME}", "/etc/shadow/etc/shadow")]
    [InlineData("$PROC_ANAME_2", "bash")]
    [InlineData("$EVT_ARG_PATH.", "p.")]
    [InlineData("${A-B_C}", "abc")]
    [InlineData("${FALCO-TALON_RULE}", "Shell")]
    [InlineData("$NODE_HOSTNAME", "node-1")]
    [InlineData("${X:-D}", "odd")]
    [InlineData("$RECURSIVE", "${FD_NAME}")]
    [InlineData("\\$FD_NAME", "\\/etc/shadow")]
    [InlineData("$(date)", "$(date)")]
    [InlineData("a $ b", "a $ b")]
    [InlineData("end$", "end$")]
    [InlineData("ü$FD_NAMEü", "ü/etc/shadowü")]
    [InlineData("$é", "$é")]
    public void Expand_WhatIsSet_IsFilledIn(string text, string expected) =>
        Assert.Equal(expected, Assert.IsType<Expansion.Done>(TextTemplate.Parse(text).Expand(Variables)).Text.Join());

    // The names that the grammar makes of texts that no event sets: refused, or empty where the rule allows it.
    [Theory]
    [InlineData("[$UNSET]", "[]", "UNSET")]
    [InlineData("[$NOTHING]", "[]", "NOTHING")]
    [InlineData("/data/${UNKNOWN}", "/data/", "UNKNOWN")]
    [InlineData("/data/${EMPTY}", "/data/", "EMPTY")]
    [InlineData("$FALCO-TALON_RULE", "-TALON_RULE", "FALCO")]
    [InlineData("awk '{print $1}'", "awk '{print }'", "1")]
    [InlineData("$12", "2", "1")]
    [InlineData("exit $?", "exit ", "?")]
    [InlineData("kill $$", "kill ", "$")]
    [InlineData("$*$#$@$!$-", "", "*")]
    [InlineData("${FD_NAME:-x}", "", "FD_NAME:-x")]
    [InlineData("${fd_name}", "", "fd_name")]
    [InlineData("${${FD_NAME}}", "}", "${FD_NAME")]
    public void Expand_WhatIsNotSet_IsRefusedUnlessAllowed(string text, string allowed, string named)
    {
        var template = TextTemplate.Parse(text);
        string message = Assert.IsType<Expansion.Refused>(template.Expand(Variables)).Message;
        Assert.Contains($"'{named}'", message);
        Assert.Contains("not set by the event or its context", message);
        Assert.Equal(allowed, Assert.IsType<Expansion.Done>(template.Expand(Variables, allowUnset: true)).Text.Join());
    }

    [Theory]
    [InlineData("a${}b", "ab", "the '${}' at character 2 names no variable; write ${NAME}")]
    [InlineData("cat ${FD_NAME", "cat FD_NAME", "the '${' at character 5 is not closed; write ${NAME}")]
    [InlineData("${", "", "the '${' at character 1 is not closed; write ${NAME}")]
    public void Parse_ASlip_StandsForNothingAndIsTold(string text, string expected, string problem)
    {
        var template = TextTemplate.Parse(text);
        Assert.Equal(problem, template.Problem);
        Assert.Equal(expected, Assert.IsType<Expansion.Done>(template.Expand(Variables)).Text.Join());
    }

    [Fact]
    public void Expand_UnsetVariables_NamesTheNearestOne()
    {
        var refused = Assert.IsType<Expansion.Refused>(TextTemplate.Parse("cat ${FD_NMAE}").Expand(Variables));
        Assert.Equal("the variable 'FD_NMAE' is not set by the event or its context; did you mean 'FD_NAME'?", refused.Message);
    }

    [Fact]
    public void Expand_VariableThatTheEventHasWithoutValue_IsNoSlip()
    {
        var variables = VariableSet.Of(Make.EventOf(fields: [("fd.name", "null"), ("fd.nameraw", "\"a\"")]), []);
        var refused = Assert.IsType<Expansion.Refused>(TextTemplate.Parse("cat ${FD_NAME}").Expand(variables));
        Assert.Equal("the variable 'FD_NAME' is not set by the event or its context; write allow_unset_variables: true to take what is not set as empty", refused.Message);
    }

    [Fact]
    public void Expand_ManyUnsetVariables_NamesFiveOfThem()
    {
        var refused = Assert.IsType<Expansion.Refused>(TextTemplate.Parse("$V1 $V2 $V3 $V4 $V5 $V6 $V7 $V1").Expand(Variables));
        Assert.Equal(
            "the variables 'V1', 'V2', 'V3', 'V4', 'V5' and 2 more are not set by the event or its context; write allow_unset_variables: true to take what is not set as empty",
            refused.Message);
    }

    [Fact]
    public void Expand_EveryPiece_KnowsWhereItComesFrom()
    {
        var text = Assert.IsType<Expansion.Done>(TextTemplate.Parse("cat ${FD_NAME} # $NODE_HOSTNAME").Expand(Variables)).Text;
        Assert.Equal(
            new[]
            {
                new ExpandedPiece("cat ", VariableOrigin.Rule, null),
                new ExpandedPiece("/etc/shadow", VariableOrigin.Event, "FD_NAME"),
                new ExpandedPiece(" # ", VariableOrigin.Rule, null),
                new ExpandedPiece("node-1", VariableOrigin.Context, "NODE_HOSTNAME"),
            },
            text.Pieces.ToArray());
        Assert.True(text.HoldsEventData);
        Assert.False(Assert.IsType<Expansion.Done>(TextTemplate.Parse("$NODE_HOSTNAME").Expand(Variables)).Text.HoldsEventData);
    }

    [Fact]
    public void Expand_ValuesThatLookLikeVariables_AreNotExpandedAgain()
    {
        var text = Assert.IsType<Expansion.Done>(TextTemplate.Parse("$RECURSIVE").Expand(Variables)).Text;
        Assert.Equal(new ExpandedPiece("${FD_NAME}", VariableOrigin.Event, "RECURSIVE"), Assert.Single(text.Pieces));
    }

    [Fact]
    public void Expand_MoreThanTheLongestText_IsRefused()
    {
        var large = VariableSet.Of(Make.EventOf(fields: [("big", $"\"{new string('x', 600_000)}\"")]), []);
        var template = TextTemplate.Parse(string.Concat(Enumerable.Repeat("$BIG ", 7)));
        Assert.Contains("4200007 characters, more than 4194304", Assert.IsType<Expansion.Refused>(template.Expand(large)).Message);
    }

    [Fact]
    public void Expand_TheLongestText_IsTaken()
    {
        var template = TextTemplate.Parse(new string('x', TextTemplate.MaxLength - 13) + "${FD_NAME}");
        Assert.IsType<Expansion.Refused>(TextTemplate.Parse(new string('x', TextTemplate.MaxLength) + "${FD_NAME}").Expand(Variables));
        Assert.IsType<Expansion.Done>(template.Expand(Variables));
        Assert.Equal(Expand("a${FD_NAME}"), Expand("a$FD_NAME"));
        Assert.NotEqual(Expand("a${FD_NAME}"), Expand("b$FD_NAME"));

        static ExpandedText Expand(string text) => Assert.IsType<Expansion.Done>(TextTemplate.Parse(text).Expand(Variables)).Text;
    }

    // Written back, the parts are the text: nothing of it is lost but the slips.
    [Fact]
    public void Parse_AnyText_LosesNothing() => Gen.Char["ab_1${}?-é "].Array[0, 30].Select(characters => new string(characters)).Sample(
        text =>
        {
            var template = TextTemplate.Parse(text);
            string back = string.Concat(template.Parts.Select(part => part is TemplatePart.Reference reference ? reference.Written : ((TemplatePart.Literal)part).Text));
            Assert.Equal(template.Problem is null, back == text);
            Assert.DoesNotContain(template.Parts.Zip(template.Parts.Skip(1)), pair => pair is (TemplatePart.Literal, TemplatePart.Literal));
        },
        iter: 20_000);
}
