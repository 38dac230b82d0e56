using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Clients.Minio;
using Talon.Actors.Outputs;
using Talon.Actors.Outputs.AwsS3;
using Talon.Actors.Outputs.GcpGcs;
using Talon.Actors.Outputs.MinioS3;
using Talon.Actors.Outputs.S3;
using Talon.Actors.Plugins;
using Talon.Benchmarks.Processes;
using Talon.Rules.Catalog;
using Talon.Rules.Text;

namespace Talon.Benchmarks.Outputs;

/// <summary>One large artifact through an output, beside curl with the same bytes in parts of the same size.</summary>
internal static class OutputRun
{
    private const int Mebi = 1 << 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    public static async Task<int> RunAsync(string[] options, TimeProvider clock, TextWriter output)
    {
        long size = ByteSize.TryParse(Option(options, "--size") ?? "2Gi", out long bytes) ? bytes : throw new BenchmarkException("--size is no size");
        string name = Option(options, "--output") ?? "aws:s3";
        string folder = Directory.CreateTempSubdirectory("talon-outputs-").FullName;
        try
        {
            await using var sink = ChildProcess.Start("Talon.Benchmarks.dll", S3Sink.Command);
            using var start = new CancellationTokenSource(TimeSpan.FromMinutes(1), clock);
            var server = await sink.AddressAsync(start.Token);
            int part = (int)S3Multipart.PartSize(size);
            string[] parts = await WritePartsAsync(folder, size, part);

            // The first upload loads code, on both sides.
            await StoreAsync(server, folder, name, 64 * Mebi, clock);
            await CurlAsync(server, folder, parts[..1]);
            GC.Collect();
            await output.WriteLineAsync("| what | seconds | MiB/s | spooled in s | resident before, most, MiB |\n|---|---|---|---|---|");
            for (int round = 0; round < 3; round++)
            {
                double curl = await CurlAsync(server, folder, parts);
                await output.WriteLineAsync(Row("curl -T", curl, size, "", ""));
                var (whole, spooled, before, most) = await StoreAsync(server, folder, name, size, clock);
                await output.WriteLineAsync(Row(name, whole - spooled, size, spooled.ToString("0.0", CultureInfo.InvariantCulture), $"{before}, {most}"));
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Row(string what, double seconds, long size, string spooled, string resident) =>
        string.Create(CultureInfo.InvariantCulture, $"| {what} | {seconds:0.00} | {size / seconds / Mebi:0} | {spooled} | {resident} |");

    private static string? Option(string[] options, string name) =>
        Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length ? options[at + 1] : null;

    private static async Task<string[]> WritePartsAsync(string folder, long size, int part)
    {
        byte[] bytes = Bytes(part);
        var parts = new List<string>();
        for (long at = 0; at < size; at += part)
        {
            string file = Path.Combine(folder, $"part-{parts.Count}");
            await File.WriteAllBytesAsync(file, bytes.AsMemory(0, (int)Math.Min(part, size - at)));
            parts.Add(file);
        }

        return [.. parts];
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    // One curl with one connection.
    private static async Task<double> CurlAsync(Uri server, string folder, string[] parts)
    {
        string config = Path.Combine(folder, "curl");
        await File.WriteAllLinesAsync(config, parts.Select((part, index) => $"upload-file = \"{part}\"\nurl = \"{server}evidence/part-{index}\""));
        long from = Stopwatch.GetTimestamp();
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sS", "-o", "/dev/null", "-K", config]) { UseShellExecute = false })!;
        await curl.WaitForExitAsync();
        return curl.ExitCode == 0 ? Stopwatch.GetElapsedTime(from).TotalSeconds : throw new BenchmarkException("curl failed");
    }

    private static async Task<(double Whole, double Spooled, long Before, long Most)> StoreAsync(Uri server, string folder, string name, long size, TimeProvider clock)
    {
        using var gcp = new GcpConnection(
            new GcpOptions { Credentials = Account() },
            clock,
            new GcpEnvironment(variable => variable == "CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE" ? new Uri(server, "storage/v1/").ToString() : null));
        using var aws = new AwsConnection(new AwsOptions { Region = "eu-west-3", AccessKey = "key", SecretKey = "secret" }, _ => null, clock);
        var ports = new OutputPorts
        {
            Aws = aws,
            Gcp = gcp,
            Minio = new MinioOptions { Endpoint = server.Authority, AccessKey = "key", SecretKey = "secret" },
            Spool = new SpoolOptions { Path = Path.Combine(folder, "spool"), MaxSize = size },
            Clock = clock,
            Jitter = () => 0.5,
        };
        IOutput output = name switch
        {
            "aws:s3" => new AwsS3Output(ports),
            "minio:s3" => new MinioS3Output(ports),
            "gcp:gcs" => new GcpGcsOutput(ports),
            _ => throw new BenchmarkException("--output is aws:s3, minio:s3 or gcp:gcs"),
        };
        var parameters = ParameterMap.From(new[] { ("bucket", "evidence") }.Concat(name == "aws:s3" ? [("endpoint", server.ToString())] : [])
            .Select(item => KeyValuePair.Create<string, ParameterValue>(item.Item1, new ParameterValue.Text(item.Item2))));
        byte[] bytes = Bytes(Mebi);
        long from = Stopwatch.GetTimestamp();
        double spooled = 0;
        var artifact = new Artifact(
            "capture.pcap",
            ImmutableSortedDictionary<string, string>.Empty,
            new ArtifactOrigin("rule", "action", "kubernetes:tcpdump", "0123456789abcdef0123456789abcdef-1", 0, 1, ""),
            async (stream, token) =>
            {
                for (long at = 0; at < size; at += bytes.Length)
                {
                    await stream.WriteAsync(bytes.AsMemory(0, (int)Math.Min(bytes.Length, size - at)), token);
                }

                spooled = Stopwatch.GetElapsedTime(from).TotalSeconds;
                return null;
            });

        // 5: the highest resident size counts from now.
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5");
        long before = Resident("VmRSS:");
        from = Stopwatch.GetTimestamp();
        var result = await output.StoreAsync(parameters, artifact, new CallScope(clock, Deadline, () => true, CancellationToken.None));
        double whole = Stopwatch.GetElapsedTime(from).TotalSeconds;
        return result is StoreResult.Stored
            ? (whole, spooled, before, Resident("VmHWM:"))
            : throw new BenchmarkException($"not stored: {((StoreResult.Failed)result).Why.Reason}");
    }

    // Nobody checks what it signs.
    private static string Account()
    {
        using var key = RSA.Create(2048);
        return JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = "service_account",
            ["project_id"] = "project",
            ["private_key_id"] = "key",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
            ["client_email"] = "talon@project.iam.gserviceaccount.com",
            ["client_id"] = "1",
            ["token_uri"] = "http://127.0.0.1:9/token",
        });
    }

    private static long Resident(string line) =>
        long.Parse(File.ReadLines("/proc/self/status").First(text => text.StartsWith(line, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
