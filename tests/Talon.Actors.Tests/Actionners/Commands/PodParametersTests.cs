using Talon.Actors.Actionners.Commands.Download;
using Talon.Actors.Actionners.Commands.Exec;
using Talon.Actors.Actionners.Commands.Log;
using Talon.Actors.Actionners.Commands.Script;
using Talon.Actors.Actionners.Metadata;
using Talon.Actors.Actionners.Metadata.Annotation;
using Talon.Actors.Tests.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Actionners.Commands;

/// <summary>The parameters of annotation, exec, script, log and download.</summary>
public sealed class PodParametersTests
{
    [Theory]
    [InlineData("kubernetes:annotation", "{annotations: {Example.com/Incident: any text at all, old: \"\"}, level: node}")]
    [InlineData("kubernetes:exec", "{command: kill -STOP 1}")]
    [InlineData("kubernetes:exec", "{Command: ls, shell: bash, container: app-1, allow_unset_variables: true, inline: true}")]
    [InlineData("kubernetes:exec", "{command: ls, shell: \"\"}")]
    [InlineData("kubernetes:script", "{script: ls}")]
    [InlineData("kubernetes:script", "{script: ls, file: \"\", shell: \"\"}")]
    [InlineData("kubernetes:script", "{script: \"\", file: a.sh}")]
    [InlineData("kubernetes:script", "{file: /etc/talon/look.sh, shell: /bin/bash, container: app, allow_unset_variables: false}")]
    [InlineData("kubernetes:log", "{}")]
    [InlineData("kubernetes:log", "{tail_lines: 0, since_seconds: 1, previous: true, container: app, inline: true}")]
    [InlineData("kubernetes:download", "{file: \"${FD_NAME}\"}")]
    [InlineData("kubernetes:download", "{file: passwd, max_size: 10Gi, container: app, allow_unset_variables: true}")]
    [InlineData("kubernetes:download", "{file: /etc/passwd, max_size: \"1\"}")]
    public void Parameters_Right_AreTaken(string actionner, string parameters) => Assert.Empty(ParameterTrial.Problems(actionner, parameters));

    [Theory]
    [InlineData("kubernetes:annotation", "{annotations: {}}", "parameter 'annotations': must name at least one annotation")]
    [InlineData(
        "kubernetes:annotation", "{annotations: {a b: c}}",
        "'a b' is not an annotation key: its name has 1 to 63 letters, digits, '-', '_' or '.', and begins and ends with a letter or digit")]
    [InlineData(
        "kubernetes:annotation", "{annotations: {a_b/c: d}}",
        "'a_b/c' is not an annotation key: before the slash stands a DNS name, at most 253 characters")]
    [InlineData("kubernetes:annotation", "{annotations: {a: b}, level: Node}", "parameter 'level': must be pod or node")]
    [InlineData("kubernetes:annotation", "{annotations: {a: true}}", "put it in quotes: \"true\"")]
    [InlineData("kubernetes:exec", "{command: \" \"}", "parameter 'command': must not be empty")]
    [InlineData(
        "kubernetes:exec", "{command: ls, shell: /bin/bash -x}",
        "parameter 'shell': must be the path of a shell, without arguments, such as /bin/sh")]
    [InlineData(
        "kubernetes:exec", "{command: ls, container: App}",
        "parameter 'container': must be the name of a container: lower-case letters, digits and '-', at most 63, with a letter or digit at both ends")]
    [InlineData("kubernetes:exec", "{command: ls, inline: \"yes\"}", "write true or false, without quotes")]
    [InlineData(
        "kubernetes:script", "{}",
        "parameter 'script' or 'file' is missing; give the text of the script, or the path of a file that holds it")]
    [InlineData("kubernetes:script", "{script: ls, file: a.sh}", "parameters 'script' and 'file' are both given; keep one of them")]
    [InlineData("kubernetes:exec", "{command: \"cat ${FD_NAME\"}", "parameter 'command': the '${' at character 5 is not closed; write ${NAME}")]
    [InlineData("kubernetes:script", "{script: \"echo ${}\"}", "parameter 'script': the '${}' at character 6 names no variable; write ${NAME}")]
    [InlineData("kubernetes:download", "{file: \"${FD_NAME\"}", "parameter 'file': the '${' at character 1 is not closed; write ${NAME}")]
    [InlineData("kubernetes:script", "{script: \" \"}", "parameter 'script': must not be empty")]
    [InlineData("kubernetes:script", "{file: \" \"}", "parameter 'file': must not be empty")]
    [InlineData(
        "kubernetes:script", "{script: \"\", file: \"\"}",
        "parameter 'script' or 'file' is missing; give the text of the script, or the path of a file that holds it")]
    [InlineData("kubernetes:log", "{tail_lines: -1}", "parameter 'tail_lines': must be from 0 to 2147483647 lines; leave it out for 20")]
    [InlineData("kubernetes:log", "{tail_lines: 2147483648}", "parameter 'tail_lines': must be from 0 to 2147483647 lines; leave it out for 20")]
    [InlineData("kubernetes:log", "{since_seconds: 0}", "parameter 'since_seconds': must be from 1 to 2147483647 seconds; leave it out for lines of any age")]
    [InlineData("kubernetes:log", "{since_seconds: 10m}", "write the digits without quotes and unit")]
    [InlineData(
        "kubernetes:log", "{container: a.b}",
        "parameter 'container': must be the name of a container: lower-case letters, digits and '-', at most 63, with a letter or digit at both ends")]
    [InlineData("kubernetes:download", "{file: \"\"}", "parameter 'file': must not be empty")]
    [InlineData(
        "kubernetes:download", "{file: a, max_size: \"0\"}",
        "parameter 'max_size': must be a number of bytes from 1 to 10Gi, such as 100Mi or \"4096\"")]
    [InlineData(
        "kubernetes:download", "{file: a, max_size: 11Gi}",
        "parameter 'max_size': must be a number of bytes from 1 to 10Gi, such as 100Mi or \"4096\"")]
    [InlineData(
        "kubernetes:download", "{file: a, max_size: 20MB}",
        "parameter 'max_size': must be a number of bytes from 1 to 10Gi, such as 100Mi or \"4096\"")]
    [InlineData("kubernetes:download", "{file: a, max_size: 4096}", "put it in quotes: \"4096\"")]
    public void Parameters_Wrong_AreRefusedWithAMessage(string actionner, string parameters, string message) =>
        Assert.EndsWith(message, Assert.Single(ParameterTrial.Problems(actionner, parameters)), StringComparison.Ordinal);

    [Fact]
    public void Annotation_TooManyBytes_IsRefused()
    {
        string most = new('x', (256 * 1024) - 1);

        Assert.Empty(AnnotationParameters.Read(Annotations(most)).Problems);
        Assert.EndsWith(
            "keys and values have 262145 bytes together; Kubernetes takes at most 262144",
            Assert.Single(AnnotationParameters.Read(Annotations(most + "x")).Problems).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Annotation_EmptyValue_Removes()
    {
        var (parameters, problems) = AnnotationParameters.Read(Annotations("").With("level", new ParameterValue.Text("node")));

        Assert.Empty(problems);
        Assert.Null(parameters.Annotations["a"]);
        Assert.Equal(MetadataLevel.Node, parameters.Level);
    }

    [Fact]
    public void Read_OnlyWhatIsRequired_HasTheDocumentedDefaults()
    {
        Assert.Equal(new ExecParameters("ls", "/bin/sh", null, false, 65_536, false), ExecParameters.Read(Text("command", "ls")).Parameters);
        Assert.Equal(new ScriptParameters("ls", null, "/bin/sh", null, false, 65_536, false), ScriptParameters.Read(Text("script", "ls")).Parameters);
        Assert.Equal(new LogParameters(20, null, false, null, false), LogParameters.Read(ParameterMap.Empty).Parameters);
        Assert.Equal(new DownloadParameters("/a", 104_857_600, null, false), DownloadParameters.Read(Text("file", "/a")).Parameters);
    }

    [Fact]
    public void Read_EverythingGiven_IsTaken()
    {
        var flag = new ParameterValue.Flag(true);
        var inPod = Text("container", "app").With("allow_unset_variables", flag);

        Assert.Equal(
            new ExecParameters("ls", "sh", "app", true, 65_536, true),
            ExecParameters.Read(inPod.With("command", new ParameterValue.Text("ls")).With("shell", new ParameterValue.Text("sh")).With("inline", flag)).Parameters);
        Assert.Equal(
            new ScriptParameters(null, "a.sh", "sh", "app", true, 65_536, false),
            ScriptParameters.Read(inPod.With("file", new ParameterValue.Text("a.sh")).With("shell", new ParameterValue.Text("sh"))).Parameters);
        Assert.Equal(
            new DownloadParameters("/a", 2048, "app", true),
            DownloadParameters.Read(inPod.With("file", new ParameterValue.Text("/a")).With("max_size", new ParameterValue.Text("2Ki"))).Parameters);
        Assert.Equal(
            new LogParameters(7, 60, true, "app", true),
            LogParameters.Read(Text("container", "app").With("tail_lines", new ParameterValue.Whole(7)).With("since_seconds", new ParameterValue.Whole(60))
                .With("previous", flag).With("inline", flag)).Parameters);
    }

    [Fact]
    public void Log_NoTailLines_CountsAsNotGiven() =>
        Assert.Equal(20, LogParameters.Read(ParameterMap.Empty.With("tail_lines", new ParameterValue.Whole(0))).Parameters.TailLines);

    [Fact]
    public void Read_EmptyTexts_CountAsNotGiven()
    {
        var empty = new ParameterValue.Text("");

        Assert.Equal("/bin/sh", ExecParameters.Read(Text("command", "ls").With("shell", empty)).Parameters.Shell);
        Assert.Equal(
            new ScriptParameters("ls", null, "/bin/sh", null, false, 65_536, false),
            ScriptParameters.Read(Text("script", "ls").With("file", empty).With("shell", empty)).Parameters);
        Assert.Equal(
            new ScriptParameters(null, "a.sh", "/bin/sh", null, false, 65_536, false), ScriptParameters.Read(Text("file", "a.sh").With("script", empty)).Parameters);
    }

    private static ParameterMap Text(string name, string value) => ParameterMap.Empty.With(name, new ParameterValue.Text(value));

    private static ParameterMap Annotations(string value) =>
        ParameterMap.Empty.With("annotations", new ParameterValue.Map(Text("a", value)));
}
