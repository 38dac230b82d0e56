using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Kubelet;

/// <summary>GET of pods/log. A followed log ends at once, as that of an ended container does.</summary>
internal sealed class LogHandler(ObjectStore store, NodeAgent agent)
{
    public ApiResponse Answer(RequestInfo request)
    {
        if (request.Method != "GET")
            return Statuses.MethodNotAllowed();
        if (!TryNumber(request, "tailLines", out var tailLines, out var fault)
            || !TryNumber(request, "limitBytes", out var limitBytes, out fault)
            || !TryNumber(request, "sinceSeconds", out var sinceSeconds, out fault)
            || !TryTime(request, out var since, out fault))
        {
            return Statuses.BadRequest(fault);
        }

        var faults = Check(request, tailLines, limitBytes, sinceSeconds);
        if (faults.Any)
        {
            var details = new JsonObject { ["name"] = request.Name, ["kind"] = "PodLogOptions", ["causes"] = faults.Causes() };
            return Statuses.Failure(422, "Invalid", $"PodLogOptions \"{request.Name}\" is invalid: {faults.Message}", details);
        }

        if (PodContainers.Find(store, request, out var pod, out var container) is { } refused)
            return refused;
        var node = pod!.Fields["spec.nodeName"];
        if (node.Length == 0)
            return new ApiResponse(204, "", ReadOnlyMemory<byte>.Empty);
        if (agent.IsLost(node))
            return Statuses.Failure(500, null, $"Get \"https://127.0.0.1:10250/containerLogs/{pod.Namespace}/{pod.Name}/{container}\": {NodeAgent.Refused}");
        var previous = request.Option("previous") is "true" or "1";
        if (NotReadable(pod, container, previous) is { } why)
            return Statuses.BadRequest(why);
        if (sinceSeconds is { } seconds)
            since = agent.Waiting.Now - TimeSpan.FromSeconds(seconds);
        var text = agent.Logs.Read(pod.Uid, container, previous, since, tailLines, limitBytes, request.Option("timestamps") is "true" or "1");
        return new ApiResponse(200, "text/plain", text);
    }

    private static FieldErrors Check(RequestInfo request, long? tailLines, long? limitBytes, long? sinceSeconds)
    {
        var faults = new FieldErrors();
        if (tailLines < 0)
            faults.Invalid("tailLines", tailLines.Value, "must be greater than or equal to 0");
        if (limitBytes <= 0)
            faults.Invalid("limitBytes", limitBytes.Value, "must be greater than 0");
        if (sinceSeconds is not null && request.Has("sinceTime"))
            faults.Forbidden("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified");
        else if (sinceSeconds <= 0)
            faults.Invalid("sinceSeconds", sinceSeconds.Value, "must be greater than 0");
        if (request.Has("stream"))
            faults.Forbidden("stream", "may not be specified");
        return faults;
    }

    private string? NotReadable(StoredObject pod, string container, bool previous)
    {
        var who = $"container \"{container}\" in pod \"{pod.Name}\"";
        if (PodContainers.Status(pod.ToJson(), container) is not { } status)
            return $"{who} is not available";
        if (previous)
        {
            return agent.Logs.Has(pod.Uid, container, previous: true) || status["lastState"]?["terminated"] is not null
                ? null
                : $"previous terminated {who} not found";
        }

        return (status["state"]?["waiting"]).Text("reason") switch
        {
            "" => null,
            "ErrImagePull" => $"{who} is waiting to start: image can't be pulled",
            "ImagePullBackOff" => $"{who} is waiting to start: trying and failing to pull image",
            var reason => $"{who} is waiting to start: {reason}",
        };
    }

    private static bool TryNumber(RequestInfo request, string name, out long? number, out string fault)
    {
        number = null;
        fault = "";
        if (!request.Has(name))
            return true;
        if (long.TryParse(request.Option(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            number = value;
            return true;
        }

        fault = $"strconv.ParseInt: parsing \"{request.Option(name)}\": invalid syntax";
        return false;
    }

    private static bool TryTime(RequestInfo request, out DateTimeOffset? time, out string fault)
    {
        time = null;
        fault = "";
        if (!request.Has("sinceTime"))
            return true;
        var text = request.Option("sinceTime");
        if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value))
        {
            time = value;
            return true;
        }

        fault = $"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\"";
        return false;
    }
}
