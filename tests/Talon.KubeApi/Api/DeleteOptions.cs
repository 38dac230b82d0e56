using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Api;

/// <summary>The options of a DELETE, from its body or, without one, from its query.</summary>
internal sealed record DeleteOptions
{
    /// <summary>Seconds; null when the request names none. A negative one counts as 1.</summary>
    public long? Grace { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    /// <summary>Foreground, Background, Orphan or null.</summary>
    public string? Propagation { get; init; }

    public bool DryRun { get; init; }

    private static readonly string[] Policies = ["Foreground", "Background", "Orphan", "nil"];

    public static DeleteOptions? Parse(RequestInfo request, out ApiResponse? fault)
    {
        fault = null;
        if (string.IsNullOrEmpty(request.Body))
            return FromQuery(request, out fault);
        var type = request.ContentType.Split(';')[0].Trim();
        if (type.Length > 0 && type != "application/json")
        {
            fault = Statuses.UnknownBodyType();
            return null;
        }

        var parsed = GoJson.Parse(request.Body);
        if (parsed.Error is not null)
        {
            fault = Statuses.BadRequest($"couldn't get version/kind; json parse error: {parsed.Error}");
            return null;
        }

        var json = parsed.Node as JsonObject ?? [];
        if (json.Text("kind") is { Length: > 0 } kind && kind != "DeleteOptions")
        {
            fault = Statuses.BadRequest($"no kind \"{kind}\" is registered for version \"{json.Text("apiVersion")}\" in scheme \"pkg/runtime/scheme.go:111\"");
            return null;
        }

        return FromJson(json, out fault);
    }

    /// <summary>The options as an object: the body of a DELETE, or a part of an eviction.</summary>
    public static DeleteOptions? FromJson(JsonObject json, out ApiResponse? fault)
    {
        var dryRun = (json["dryRun"] as JsonArray ?? []).Select(d => d?.ToString() ?? "").ToList();
        return Check(
            new DeleteOptions
            {
                Grace = json.Number("gracePeriodSeconds"),
                Uid = Filled(json["preconditions"].Text("uid")),
                ResourceVersion = Filled(json["preconditions"].Text("resourceVersion")),
                Propagation = Filled(json.Text("propagationPolicy")),
                DryRun = dryRun.Contains("All", StringComparer.Ordinal),
            },
            dryRun,
            json["orphanDependents"] is not null,
            out fault);
    }

    private static DeleteOptions? FromQuery(RequestInfo request, out ApiResponse? fault)
    {
        fault = null;
        long? grace = null;
        var text = request.Option("gracePeriodSeconds");
        if (text.Length > 0)
        {
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            {
                fault = Statuses.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
                return null;
            }

            grace = seconds;
        }

        return Check(
            new DeleteOptions { Grace = grace, Propagation = Filled(request.Option("propagationPolicy")), DryRun = request.IsDryRun },
            request.Has("dryRun") ? [request.Option("dryRun")] : [],
            request.Has("orphanDependents"),
            out fault);
    }

    private static DeleteOptions? Check(DeleteOptions options, List<string> dryRun, bool orphan, out ApiResponse? fault)
    {
        var faults = new FieldErrors();
        if (options.Propagation is { } policy)
        {
            if (!Policies.Contains(policy, StringComparer.Ordinal))
                faults.NotSupported("propagationPolicy", FieldErrors.Quote(policy), Policies);
            else if (orphan)
                faults.Invalid("propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set");
        }

        if (dryRun.Exists(d => d != "All"))
            faults.NotSupported("dryRun", $"[{string.Join(", ", dryRun.Select(FieldErrors.Quote))}]", ["All"]);
        fault = faults.Any ? Statuses.InvalidOptions("DeleteOptions", faults) : null;
        return faults.Any ? null : options;
    }

    private static string? Filled(string text) => text.Length == 0 ? null : text;
}
