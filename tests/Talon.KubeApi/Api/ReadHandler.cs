using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Api;

/// <summary>GET of one object and of lists.</summary>
internal sealed class ReadHandler(ObjectStore store, Waiting waiting)
{
    public ApiResponse Get(ResourceKind kind, RequestInfo request)
    {
        return store.Find(kind, request.NamespaceOf(kind), request.Name!) is { } found
            ? new ApiResponse(200, "application/json", found.Utf8)
            : Statuses.NotFound(kind, request.Name!);
    }

    public async Task<ApiResponse> ListAsync(ResourceKind kind, RequestInfo request, CancellationToken ct)
    {
        if (!TryLimit(request.Option("limit"), out var limit, out var limitFault))
            return Statuses.BadRequest(limitFault);
        if (Selectors(kind, request, out var labels, out var fields) is { } selectorFault)
            return selectorFault;
        if (CheckVersion(request) is { } versionFault)
            return versionFault;
        ContinueToken? page = null;
        if (request.Has("continue"))
        {
            if (request.Has("resourceVersion") && request.Option("resourceVersion") != "0")
                return Statuses.BadRequest("specifying resource version is not allowed when using continue");
            page = ContinueToken.Decode(request.Option("continue"), out var fault);
            if (page is null)
                return Statuses.BadRequest($"invalid continue token: {fault}");
        }

        var wanted = Number(request.Option("resourceVersion"));
        if (wanted > store.Version)
            return await TooNewAsync(wanted, ct);
        // A page of a version is of exactly that one, said or not.
        var isExact = request.Option("resourceVersionMatch") == "Exact" || (!request.Has("resourceVersionMatch") && limit > 0 && wanted > 0);
        var exact = isExact ? wanted : (long?)null;
        var snapshot = (page?.Version ?? exact) is { } version ? store.At(kind, version) : store.Latest(kind);
        if (snapshot is null)
            return Expired(page);
        if (request.Option("resourceVersion") == "0" && page is null)
            limit = 0;
        return Page(kind, request, snapshot, Match(kind, request, snapshot, labels, fields), page?.Start, limit, labels is not null || fields is not null);
    }

    /// <summary>The objects of a collection that a request's selectors match, in order.</summary>
    public static List<StoredObject> Match(ResourceKind kind, RequestInfo request, ObjectStore.Snapshot snapshot, LabelSelector? labels, FieldSelector? fields)
    {
        var ns = request.NamespaceOf(kind);
        return
        [
            .. snapshot.Objects.Values.Where(o =>
                (ns is null || o.Namespace == ns) && (labels is null || labels.Matches(o.Labels)) && (fields is null || fields.Matches(o.Fields))),
        ];
    }

    public static ApiResponse? Selectors(ResourceKind kind, RequestInfo request, out LabelSelector? labels, out FieldSelector? fields)
    {
        fields = null;
        labels = null;
        if (request.Has("labelSelector"))
        {
            labels = LabelSelector.Parse(request.Option("labelSelector"), out var fault);
            if (labels is null)
                return Statuses.BadRequest(fault);
        }

        if (request.Has("fieldSelector"))
        {
            fields = FieldSelector.Parse(request.Option("fieldSelector"), kind.Strategy, out var fault);
            if (fields is null)
                return Statuses.BadRequest(fault);
        }

        return null;
    }

    public static ApiResponse Render(ResourceKind kind, JsonObject metadata, IEnumerable<StoredObject> items)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        Write(buffer, $"{{\"kind\":\"{kind.Kind}List\",\"apiVersion\":\"{kind.ApiVersion}\",\"metadata\":{metadata.Compact()},\"items\":[");
        var first = true;
        foreach (var item in items)
        {
            Write(buffer, (first, kind.IsCustom) switch { (true, true) => "", (false, true) => ",", (true, false) => "{", _ => ",{" });
            buffer.Write(kind.IsCustom ? item.Utf8.Span : item.Utf8InList.Span);
            first = false;
        }

        Write(buffer, "]}");
        return new ApiResponse(200, "application/json", buffer.WrittenMemory);
    }

    private static ApiResponse Page(
        ResourceKind kind, RequestInfo request, ObjectStore.Snapshot snapshot, List<StoredObject> matches, string? after, long limit, bool selected)
    {
        var ns = request.NamespaceOf(kind);
        var rest = matches.SkipWhile(o => after is not null && string.CompareOrdinal(KeyIn(o, ns), after) <= 0).ToList();
        var metadata = new JsonObject { ["resourceVersion"] = snapshot.Version.ToString(CultureInfo.InvariantCulture) };
        var items = limit > 0 && rest.Count > limit ? rest[..(int)limit] : rest;
        if (items.Count < rest.Count)
        {
            metadata["continue"] = new ContinueToken(snapshot.Version, KeyIn(items[^1], ns)).Encode();
            if (!selected)
                metadata["remainingItemCount"] = rest.Count - items.Count;
        }

        return Render(kind, metadata, items);
    }

    private static string KeyIn(StoredObject item, string? ns) => ns is null ? item.Key : item.Name;

    private static ApiResponse? CheckVersion(RequestInfo request)
    {
        var version = request.Option("resourceVersion");
        var match = request.Option("resourceVersionMatch");
        var faults = new FieldErrors();
        if (match.Length > 0 && version.Length == 0)
            faults.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        else if (match == "Exact" && version == "0")
            faults.Forbidden("resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        else if (match is not ("" or "Exact" or "NotOlderThan"))
            faults.NotSupported("resourceVersionMatch", FieldErrors.Quote(match), ["Exact", "NotOlderThan", ""]);
        if (faults.Any)
            return Statuses.InvalidOptions("ListOptions", faults);
        return version.Length == 0 || ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? null
            : Statuses.BadRequest(
                $"invalid resource version: resourceVersion: Invalid value: \"{version}\": strconv.ParseUint: parsing \"{version}\": invalid syntax");
    }

    /// <summary>The real server waits three seconds for a version it has not seen yet, then gives up.</summary>
    private async Task<ApiResponse> TooNewAsync(long wanted, CancellationToken ct)
    {
        await waiting.DelayAsync(TimeSpan.FromSeconds(3), ct);
        var causes = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" });
        return Statuses.Failure(
            504, "Timeout", $"Timeout: Too large resource version: {wanted}, current: {store.Version}", new JsonObject { ["causes"] = causes }, 1);
    }

    private ApiResponse Expired(ContinueToken? page)
    {
        if (page is null)
            return Statuses.Failure(410, "Expired", "The resourceVersion for the provided list is too old.");
        var response = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject { ["continue"] = (page with { Version = store.Version }).Encode() },
            ["status"] = "Failure",
            ["message"] =
                "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
                + "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided "
                + "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was "
                + "returned and now may show up in the list.",
            ["reason"] = "Expired",
            ["code"] = 410,
        };
        return ApiResponse.Json(410, response);
    }

    private static bool TryLimit(string text, out long limit, out string fault)
    {
        limit = 0;
        fault = $"strconv.ParseInt: parsing \"{text}\": invalid syntax";
        return text.Length == 0 || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out limit);
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static void Write(ArrayBufferWriter<byte> buffer, string text) => Encoding.UTF8.GetBytes(text, buffer);
}
