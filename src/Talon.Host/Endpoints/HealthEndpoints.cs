using System.Buffers;
using System.Text.Json;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Categories;
using Talon.Cluster.Forming;
using Talon.Host.Configuration;
using Talon.Host.Logging;
using Talon.Host.Reload;

namespace Talon.Host.Endpoints;

/// <summary>
/// <c>/healthz</c>: process and actor system are alive. <c>/readyz</c>: the node has joined once, its rules are loaded, it
/// is not leaving, and its journal has not been silent for more than 30 s; the body says all of that, and how the
/// categories are doing, whatever the answer is. Rule files that cannot be used leave the last good set in force, and the node ready.
/// </summary>
internal sealed class HealthEndpoints(IPipelineStatus pipeline, IRuleBook rules, ISharedRules shared, TalonOptions options)
{
    /// <summary>How long the journal may be silent before the node counts as not ready: a short hiccup must not take every node out at once.</summary>
    public static readonly TimeSpan JournalSilence = TimeSpan.FromSeconds(30);

    private static readonly byte[] Alive = """{"status": "ok"}"""u8.ToArray();
    private static readonly byte[] Dead = """{"status": "dead"}"""u8.ToArray();

    /// <summary>Answers <c>/healthz</c>.</summary>
    public Task HealthAsync(HttpContext context)
    {
        bool alive = pipeline.IsAlive;
        return JsonAsync(context, alive ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, alive ? Alive : Dead);
    }

    /// <summary>Answers <c>/readyz</c>.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        var reasons = Reasons();
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body))
        {
            Write(json, reasons);
        }

        return JsonAsync(context, reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, body.WrittenMemory);
    }

    private static Task JsonAsync(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private List<string> Reasons()
    {
        var reasons = new List<string>();
        if (!pipeline.IsAlive)
        {
            reasons.Add("the actor system has ended");
        }

        if (!pipeline.JoinedOnce)
        {
            reasons.Add("the node has not joined its cluster yet");
        }

        if (pipeline.Draining)
        {
            reasons.Add("the node is shutting down");
        }

        if (pipeline.JournalSilence is { } silence && silence > JournalSilence)
        {
            reasons.Add($"the journal has not answered for {(int)silence.TotalSeconds} s");
        }

        return reasons;
    }

    private void Write(Utf8JsonWriter json, List<string> reasons)
    {
        json.WriteStartObject();
        json.WriteBoolean("ready", reasons.Count == 0);
        json.WriteStartArray("reasons");
        foreach (string reason in reasons)
        {
            json.WriteStringValue(reason);
        }

        json.WriteEndArray();
        json.WriteStartArray("categories");
        foreach (var category in pipeline.Categories)
        {
            json.WriteStartObject();
            json.WriteString("category", category.Category);
            json.WriteBoolean("degraded", category.Degraded);
            json.WriteString("circuit", category.Circuit switch
            {
                CircuitState.Closed => "closed",
                CircuitState.HalfOpen => "half-open",
                _ => "open",
            });
            json.WriteString("reason", category.Reason);
            json.WriteNumber("running", category.Running);
            json.WriteNumber("queued", category.Queued);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteOutputs(json);
        WriteRules(json);
        json.WriteStartObject("journal");
        json.WriteBoolean("answering", pipeline.JournalSilence is null);
        json.WriteNumber("silent_seconds", (long)(pipeline.JournalSilence ?? TimeSpan.Zero).TotalSeconds);
        json.WriteEndObject();
        WriteCluster(json);
        json.WriteBoolean("dry_run", options.Pipeline.DryRun);
        json.WriteBoolean("draining", pipeline.Draining);
        json.WriteNumber("unfinished_events", pipeline.UnfinishedEvents);
        json.WriteEndObject();
    }

    // What actions came to, nothing is written to find out more: somebody who reads this fills no bucket.
    private void WriteOutputs(Utf8JsonWriter json)
    {
        json.WriteStartArray("outputs");
        foreach (var output in pipeline.Outputs)
        {
            json.WriteStartObject();
            json.WriteString("output", output.Output);
            json.WriteBoolean("stored", output.Failure is null);
            json.WriteString("reason", output.Failure);
            json.WriteString("at", LogFields.Time(output.At));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteCluster(Utf8JsonWriter json)
    {
        var cluster = pipeline.Cluster;
        json.WriteStartObject("cluster");
        json.WriteString("membership", cluster.Membership);
        json.WriteString("mode", options.Cluster.Mode == ClusterMode.SingleNode ? "single" : "static");
        json.WriteString("node", cluster.Node);
        json.WriteStartArray("members");
        foreach (var member in cluster.Members)
        {
            json.WriteStartObject();
            json.WriteString("node", member.Address);
            json.WriteString("status", member.Status);
            json.WriteBoolean("reachable", member.Reachable);
            json.WriteString("version", member.Version);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rules");
        foreach (var node in shared.Known)
        {
            json.WriteStartObject();
            json.WriteString("node", node.Node);
            json.WriteString("hash", node.Hash);
            json.WriteString("since", LogFields.Time(node.Since));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteRules(Utf8JsonWriter json)
    {
        var status = rules.Status;
        json.WriteStartObject("rules");
        json.WriteNumber("count", status.Rules.Rules.Length);
        json.WriteString("hash", status.Rules.Hash);
        json.WriteString("loaded_at", LogFields.Time(status.LoadedAt));
        if (status.Failure is { } failure)
        {
            json.WriteStartArray("last_error");
            foreach (string error in failure.Errors)
            {
                json.WriteStringValue(error);
            }

            json.WriteEndArray();
            json.WriteString("failed_at", LogFields.Time(failure.At));
        }

        json.WriteEndObject();
    }
}
