using Talon.Actors.Actionners.Commands;
using Talon.Rules.Variables;

namespace Talon.Actors.Tests.Actionners.Commands.Shell;

/// <summary>Whatever an event holds, it is data for real shells: it is never run, and never more or less than one word.</summary>
[Trait("Speed", "Slow")]
public sealed class PodShellTests
{
    private const string Mark = RealShell.Mark;

    public static IReadOnlyList<string> Hostile { get; } =
    [
        "",
        " ",
        "plain",
        "two words",
        "tab\tand\nnewline\r\n",
        $"x; touch {Mark}",
        $"x\ntouch {Mark}\n",
        $"& touch {Mark} &",
        $"| touch {Mark}",
        $"$(touch {Mark})",
        $"`touch {Mark}`",
        $"\"; touch {Mark}; \"",
        $"'; touch {Mark}; '",
        $"\\\"; touch {Mark}; \\\"",
        $"\\'; touch {Mark}; \\'",
        $"\"$(touch {Mark})\"",
        $"'$(touch {Mark})'",
        $"> {Mark}",
        $"}} >{Mark}; {{ :",
        $")touch {Mark}(",
        $"a[$(touch {Mark})]",
        $"-va[$(touch {Mark})]",
        $"$((a[$(touch {Mark})]))",
        $"${{x:=$(touch {Mark})}}",
        $"EOF\ntouch {Mark}\nEOF",
        "${FD_NAME}",
        "$TALON_VAR_1",
        "$1$@$*",
        "*",
        "/bin/*",
        "{a,b}",
        "~",
        "~root",
        "-n",
        "-rf",
        "--",
        "\\",
        "ends with \\",
        "\\n\\t\\0",
        "%s%d%n%b",
        "!!",
        "#no comment",
        "a=b",
        "\uFEFFmark",
        "h\u00e9llo \u20ac \U0001F600 \u202E",
        "\u001b[31mred\u0007",
        "'",
        "\"",
        "\"\"''",
        new string('\'', 4_999) + $"; touch {Mark};" + new string('"', 5_001),
        new string('x', 10_000),
    ];

    /// <summary>Texts of rule authors. Each prints one word, which holds the value where the second item has %.</summary>
    public static IReadOnlyList<(string Text, string Expected)> Texts { get; } =
    [
        ("printf '%s\\0' x ${FD_NAME}", "%"),
        ("printf '%s\\0' x $FD_NAME", "%"),
        ("printf '%s\\0' x \"${FD_NAME}\"", "%"),
        ("printf '%s\\0' x \"$FD_NAME\"", "%"),
        ("printf '%s\\0' x a${FD_NAME}b$FD_NAME", "a%b%"),
        ("printf '%s\\0' x 'a'\"${FD_NAME}\"'b'", "a%b"),
        ("printf '%s\\0' x \"it's \\\"${FD_NAME}\\\"\"", "it's \"%\""),
        ("v=${FD_NAME}; printf '%s\\0' x \"$v\"", "%"),
        ("v=${FD_NAME} w=$FD_NAME; printf '%s\\0' x \"$v$w\"", "%%"),
        ("export v=${FD_NAME}; printf '%s\\0' x \"$v\"", "%"),
        ("v=$(printf '%s.' \"${FD_NAME}\"); printf '%s\\0' x \"$v\"", "%."),
        ("printf '%s\\0' x \"$(printf '%s.' ${FD_NAME})\"", "%."),
        ("for f in ${FD_NAME}; do printf '%s\\0' x \"$f\"; done", "%"),
        ("f() { printf '%s\\0' x \"$1\"; }; f ${FD_NAME}", "%"),
        ("f() {\n  printf '%s\\0' x $FD_NAME\n}\nf", "%"),
        ("set -- \"${FD_NAME}\"; printf '%s\\0' x \"$#$1\"", "1%"),
        ("case ${FD_NAME} in zzz) exit 3;; *) printf '%s\\0' x \"${FD_NAME}\";; esac", "%"),
        ("if [ \"${FD_NAME}\" = zzz ]; then exit 3; fi; printf '%s\\0' x \"${FD_NAME}\"", "%"),
        ("[ -n \"x${FD_NAME}\" ] && printf '%s\\0' x ${FD_NAME} || exit 3", "%"),
        ("(printf '%s\\0' x ${FD_NAME}) | cat", "%"),
        ("{ printf '%s\\0' x ${FD_NAME}; } 2>&1", "%"),
        ("sh -c 'printf \"%s\\0\" x \"$1\"' sh ${FD_NAME}", "%"),
        ("# it's \"${FD_NAME}\nprintf '%s\\0' x ${FD_NAME} # don't ${FD_NAME}", "%"),
        ("printf '%s\\0' x \\\n  ${FD_NAME}", "%"),
        ("printf 'x\\0'; cat <<EOF\n${FD_NAME} \\$FD_NAME $FD_NAME\nEOF\nprintf '\\0'", "% $FD_NAME %\n"),
        ("printf 'x\\0'; cat <<-'EOF'\n\tliteral\n\tEOF\nprintf '%s\\0' ${FD_NAME}", "literal\n%"),
        ("printf '%s\\0' x \"${FD_NAME:-none}\"", "%?"),
        ("printf '%s\\0' x ${FD_NAME-none}", "%"),
        ("x=${FD_NAME}; printf '%s\\0' x \"${x}\"", "%"),
        ("echo a | while read -r line; do printf '%s\\0' x \"${FD_NAME}\"; done", "%"),
    ];

    public static TheoryData<string, int> Trials
    {
        get
        {
            var trials = new TheoryData<string, int>();
            foreach (string shell in RealShell.Paths)
            {
                for (int i = 0; i < Texts.Count; i++)
                {
                    trials.Add(shell, i);
                }
            }

            return trials;
        }
    }

    [Theory]
    [MemberData(nameof(Trials))]
    public Task Command_AnyValue_IsOneWordAndNothingElse(string shell, int text) => Assert.AllAsync(Hostile, value => TryAsync(PodShell.Command, shell, text, value));

    [Theory]
    [MemberData(nameof(Trials))]
    public Task Script_AnyValue_IsOneWordAndNothingElse(string shell, int text) => Assert.AllAsync(Hostile, value => TryAsync(PodShell.Script, shell, text, value));

    [Theory]
    [MemberData(nameof(RealShell.Installed), MemberType = typeof(RealShell))]
    public async Task Command_ShellsOwnVariables_AreLeftToIt(string shell)
    {
        using var real = new RealShell();
        var (program, problem) = PodShell.Command(
            shell, "false; echo $? $# \"$1\" $$; for f in a b; do echo \"${f}\"; done; echo x y | awk '{print $2, $NF}'", Variables(), false);

        Assert.Null(problem);
        string[] lines = (await real.RunAsync(program!)).Output.Split('\n');
        Assert.StartsWith("1 0  ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["a", "b", "y y"], lines[1..4]);
    }

    [Theory]
    [MemberData(nameof(RealShell.Installed), MemberType = typeof(RealShell))]
    public async Task Command_NamesThatAreNone_ReachTheText(string shell)
    {
        using var real = new RealShell();
        var (program, problem) = PodShell.Command(shell, "printf '%s|' ${FALCO-TALON_RULE} \"$K8S_NS_NAME\" ${#FD_NAME}", Variables("ab c"), false);

        Assert.Null(problem);
        Assert.Equal("a rule; touch PWNED|shop|4|", (await real.RunAsync(program!)).Output);
        Assert.Empty(real.Files);
    }

    [Theory]
    [MemberData(nameof(RealShell.Installed), MemberType = typeof(RealShell))]
    public async Task Script_WithoutValues_RunsWholeWithoutInputOfItsOwn(string shell)
    {
        using var real = new RealShell();
        var (program, _) = PodShell.Script(shell, "#!/bin/sh\nread -r line && exit 9\necho \"$0 $#\"\nnosuchprogram\nexit 5 \\", Variables(), false);

        var (code, output, error) = await real.RunAsync(program!);

        Assert.Equal([shell, "-s"], program!.Arguments.AsEnumerable());
        Assert.Equal(5, code);
        Assert.EndsWith(" 0\n", output, StringComparison.Ordinal);
        Assert.Matches("4: .*nosuchprogram", error);
        Assert.Empty(real.Files);
    }

    [Theory]
    [MemberData(nameof(RealShell.Installed), MemberType = typeof(RealShell))]
    public async Task Script_BrokenText_RunsNothing(string shell)
    {
        using var real = new RealShell();
        var (program, _) = PodShell.Script(shell, $"touch {Mark}\nif\n", Variables(), false);

        Assert.NotEqual(0, (await real.RunAsync(program!)).Code);
        Assert.Empty(real.Files);
    }

    [Fact]
    public void Command_WithoutValues_IsTheTextAsItIs() => Assert.Equal(
        ["/bin/zsh", "-c", "echo $'a' `date` $((1+1)) \"$x\" <<<1"],
        PodShell.Command("/bin/zsh", "echo $'a' `date` $((1+1)) \"$x\" <<<1", Variables(), false).Program!.Arguments.AsEnumerable());

    [Fact]
    public void Command_Value_IsNoPartOfTheText()
    {
        var (program, _) = PodShell.Command("/bin/sh", "ls -- ${FD_NAME} $FD_NAME", Variables("a; b"), false);

        Assert.Equal(
            ["/bin/sh", "-c", "TALON_VAR_1=${1}; shift 1; ls -- \"${TALON_VAR_1}\" \"${TALON_VAR_1}\"", "/bin/sh", "a; b"], program!.Arguments.AsEnumerable());
        Assert.Null(program.Input);
    }

    [Theory]
    [InlineData("/bin/zsh")]
    [InlineData("/usr/bin/python3")]
    [InlineData("mksh")]
    public void Command_OtherShellWithValues_IsRefused(string shell) =>
        Assert.Contains("sh, bash, dash, ash", PodShell.Command(shell, "ls ${FD_NAME}", Variables("a"), false).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("echo '${FD_NAME}'", "stands in single quotes")]
    [InlineData("echo `cat ${FD_NAME}`", "stands in backquotes")]
    [InlineData("${FD_NAME} -l", "would name the program to run")]
    [InlineData("env A=1 \"${FD_NAME}\"", "would name the program to run")]
    [InlineData("eval \"ls ${FD_NAME}\"", "would be read again by eval")]
    [InlineData("sh -c \"ls ${FD_NAME}\"", "would be part of the text of another shell")]
    [InlineData("find / -exec bash -c \"ls ${FD_NAME}\" \\;", "would be part of the text of another shell")]
    [InlineData("trap \"rm ${FD_NAME}\" EXIT", "would be read again by trap")]
    [InlineData("[[ ${FD_NAME} -eq 1 ]]", "would be read again by [[")]
    [InlineData("echo $((FD_NAME + ${FD_NAME}))", "stands in arithmetic")]
    [InlineData("echo $((`echo 1` + $FD_NAME))", "arithmetic whose end cannot be told")]
    [InlineData("printf \"${FD_NAME}\"", "would be the format of printf")]
    [InlineData("export \"${FD_NAME}\"", "would be read again by export")]
    [InlineData("[ ${FD_NAME} ${FD_NAME} ]", "might be read as the name of a variable")]
    [InlineData("sh <<EOF\nls ${FD_NAME}\nEOF", "in a here-document that a shell reads")]
    [InlineData("cat <<'EOF'\n${FD_NAME}\nEOF", "in a here-document in which a shell expands nothing")]
    [InlineData("echo \"${FD_NAME}", "is not closed")]
    [InlineData("echo ${x:-${FD_NAME}}", "in another ${…}")]
    [InlineData("echo ${!FD_NAME}", "as the name of another variable")]
    [InlineData("python3 -c \"open('${FD_NAME}')\"", "would be part of the code for python3")]
    [InlineData("perl -ne \"print if /${FD_NAME}/\" x", "would be part of the code for perl")]
    [InlineData("sed -n \"s/a/${FD_NAME}/p\" x", "would be part of the code for sed")]
    [InlineData("sed -n -e p -e \"s/a/${FD_NAME}/\" x", "would be part of the code for sed")]
    [InlineData("awk \"/${FD_NAME}/\" x", "would be part of the code for awk")]
    [InlineData("PATH=${FD_NAME} ls", "would be evaluated by the shell, or decide what it runs")]
    [InlineData("export PS4=${FD_NAME}; set -x", "would be evaluated by the shell, or decide what it runs")]
    [InlineData("declare -i n; n=${FD_NAME}", "declares variables with -i or -n")]
    [InlineData("f() { local -n r; r=${FD_NAME}; }; f", "declares variables with -i or -n")]
    public void Command_ValueWhereItWouldBeMoreThanData_IsRefused(string text, string why) =>
        Assert.Contains(why, PodShell.Command("/bin/bash", text, Variables("a"), false).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("awk '{print $1}' \"${FD_NAME}\"")]
    [InlineData("sed -n 1,5p ${FD_NAME}")]
    [InlineData("python3 -c 'import sys; print(sys.argv[1])' ${FD_NAME}")]
    [InlineData("perl -ne 'print' ${FD_NAME}")]
    [InlineData("grep -c ${FD_NAME} /etc/passwd")]
    [InlineData("kill -STOP \"${FD_NAME}\"")]
    [InlineData("export name=${FD_NAME} other=1")]
    public void Command_ValueAsAnArgument_IsTaken(string text) => Assert.Null(PodShell.Command("/bin/sh", text, Variables("a"), false).Problem);

    [Fact]
    public void Command_ValueWithNul_IsRefused() =>
        Assert.Equal(
            "the value of FD_NAME holds a NUL character, which no program can be given",
            PodShell.Command("/bin/sh", "ls ${FD_NAME}", Variables("a\0b"), false).Problem);

    [Fact]
    public void Command_Unset_IsRefusedUnlessAllowed()
    {
        Assert.Contains(
            "'FD_SIP', 'PROC_NAME'; write allow_unset_variables: true",
            PodShell.Command("/bin/sh", "echo $FD_SIP \"${PROC_NAME}\"", Variables("a"), false).Problem,
            StringComparison.Ordinal);
        Assert.Equal("echo $FD_SIP", PodShell.Command("/bin/sh", "echo $FD_SIP", Variables("a"), true).Program!.Arguments[2]);
    }

    [Theory]
    [InlineData("rm -rf -- /data/${FD_NAME}", "rm -rf -- /data/\"${TALON_VAR_1}\"")]
    [InlineData("rm -rf -- /data/$FD_NAME", "rm -rf -- /data/\"${TALON_VAR_1}\"")]
    [InlineData("echo ${#FD_NAME}", "echo \"${#TALON_VAR_1}\"")]
    [InlineData("echo \"${A-B_C}\"", "echo \"${TALON_VAR_1}\"")]
    public void Command_FieldWithoutValue_IsRefusedUnlessAllowed(string text, string allowed)
    {
        foreach (string? value in (string?[])[null, "<NA>", ""])
        {
            var variables = VariableSet.Of(TestEvents.Syscall(null, ("fd.name", value), ("a-b.c", value)), []);
            Assert.Contains("not set by the event or its context", PodShell.Command("/bin/sh", text, variables, false).Problem, StringComparison.Ordinal);
            var arguments = PodShell.Command("/bin/sh", text, variables, true).Program!.Arguments;
            Assert.EndsWith("; " + allowed, arguments[2], StringComparison.Ordinal);
            Assert.Equal("", arguments[^1]);
        }
    }

    [Fact]
    public void Command_FieldWithoutValueAndItsOwnDefault_IsLeftToTheShell()
    {
        var variables = VariableSet.Of(TestEvents.Syscall(null, ("fd.name", null)), []);
        Assert.Equal("ls ${FD_NAME:-/tmp}", PodShell.Command("/bin/sh", "ls ${FD_NAME:-/tmp}", variables, false).Program!.Arguments[2]);
    }

    private static async Task TryAsync(
        Func<string, string, VariableSet, bool, (ShellProgram? Program, string? Problem)> make, string shell, int text, string value)
    {
        using var real = new RealShell();
        var (written, expected) = Texts[text];
        // An empty text sets no variable.
        var (program, problem) = make(shell, written, Variables(value), value.Length == 0);

        Assert.Null(problem);
        var (code, output, error) = await real.RunAsync(program!);
        string word = expected == "%?" ? (value.Length == 0 ? "none" : value) : expected.Replace("%", value, StringComparison.Ordinal);
        Assert.Equal(("x\0" + word + "\0", 0, ""), (output, code, error));
        Assert.Empty(real.Files);
        Assert.DoesNotContain(program!.Arguments.Take(program.Input is null ? 3 : 2), argument => value.Length > 3 && argument.Contains(value, StringComparison.Ordinal) && !written.Contains(value, StringComparison.Ordinal));
    }

    private static VariableSet Variables(string? fdName = null)
    {
        var falcoEvent = fdName is null
            ? TestEvents.Syscall(null, ("k8s.ns.name", "shop"))
            : TestEvents.Syscall(null, ("fd.name", fdName), ("k8s.ns.name", "shop"));
        return VariableSet.Of(falcoEvent, [KeyValuePair.Create("falco-talon.rule", $"a rule; touch {Mark}")]);
    }
}
