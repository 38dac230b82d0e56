using System.Security.Cryptography;
using k8s;
using k8s.Models;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>What the specifications of the captures share: rules that store in a folder, and programs for the stand-in.</summary>
internal static class Captures
{
    /// <summary>The default image of tcpdump, as a need.</summary>
    public const string TcpdumpImage = "image:docker.io/nicolaka/netshoot:v0.13";

    /// <summary>The default image of sysdig, as a need: nodes with containerd whose kernel suits it, too.</summary>
    public const string SysdigImage = "image:docker.io/sysdig/sysdig:0.38.1";

    /// <summary>An image that nobody can pull.</summary>
    public const string MissingImage = "registry.invalid/none:1";

    /// <summary>Lines of parameters, indented by four: a second is captured, and an image may take its time to come.</summary>
    public const string Brief = "    duration: 1\n    image_wait: 120\n";

    // A file of packets begins with a magic number; then nothing comes until the program is stopped.
    private const string Tcpdump = "#!/bin/sh\nprintf '\\324\\303\\262\\241 and twenty more bytes'\nexec sleep 60\n";

    // As the real one: it writes to the file that -w names, for as many seconds as -M says.
    private const string Sysdig = """
        #!/bin/sh
        while [ $# -gt 0 ]; do
          case $1 in
            -w) printf '\037\213 and more' > "$2" ;;
            -M) seconds=$2 ;;
          esac
          shift
        done
        exec sleep "$seconds"
        """;

    /// <summary>Gives the containers of the stand-in what the images bring; on a real cluster nothing.</summary>
    public static void AddCapturePrograms(this ClusterRig rig)
    {
        rig.ScriptedKubelets?.AddProgram("tcpdump", Tcpdump);
        rig.ScriptedKubelets?.AddProgram("sysdig", Sysdig);
        rig.ScriptedKubelets?.SetUnpullable(MissingImage);
    }

    /// <summary>A rule with one capture that is stored in a folder of the rig.</summary>
    public static string Rule(string name, string actionner, string parameters = "", string action = "", string folder = ClusterRig.ArtifactsMark) =>
        SpecRules.Of(name, actionner, parameters, action + SpecRules.Stored(folder));

    /// <summary>Waits until no Job is left in Talon's own namespace, nor a pod of one that is not about to end.</summary>
    public static Task NoJobIsLeftAsync(this ClusterRig rig) => Eventually.TrueAsync(
        async () => (await rig.Client.BatchV1.ListNamespacedJobAsync(rig.OwnNamespace)).Items.Count == 0
            && (await rig.Client.CoreV1.ListNamespacedPodAsync(rig.OwnNamespace)).Items.All(pod => pod.Metadata.DeletionTimestamp is not null),
        () => "a Job or its pod is left");

    /// <summary>The captures that are stored of a pod, each with its side file; there must not be anything half beside them.</summary>
    public static IReadOnlyList<string> CapturesOf(this ClusterRig rig, V1Pod pod)
    {
        string[] all = Directory.GetFiles(rig.Artifacts);
        Assert.DoesNotContain(all, file => Path.GetFileName(file).StartsWith('.'));
        string[] captures = [.. all.Where(file => file.Contains($"_{pod.Metadata.Name}_", StringComparison.Ordinal) && !file.EndsWith(".json", StringComparison.Ordinal))];
        Assert.All(captures, file => Assert.Contains($"{file}.json", all));
        return captures;
    }

    /// <summary>The one capture of a pod, which its log line tells of with its true digest.</summary>
    public static async Task<byte[]> CaptureAsync(this ClusterRig rig, V1Pod pod, LogEvent outcome)
    {
        Assert.True(outcome.Status == "success", outcome.Text);
        var stored = await rig.StoredAsync(outcome);
        byte[] bytes = await File.ReadAllBytesAsync(Assert.Single(rig.CapturesOf(pod)));
        Assert.Contains($"{bytes.Length} bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData(bytes))}", stored["output"], StringComparison.Ordinal);
        return bytes;
    }
}
