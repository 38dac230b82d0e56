using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Talon.Actors.Tests.Notifiers.Http;

namespace Talon.Actors.Tests.Notifiers.Elasticsearch;

/// <summary>
/// Answers as Elasticsearch does: https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk and
/// https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-put-index-template.
/// </summary>
internal sealed class ElasticsearchStandIn
{
    private static readonly string[] TemplateKeys =
        ["index_patterns", "template", "composed_of", "priority", "version", "_meta", "data_stream", "allow_auto_create", "ignore_missing_component_templates", "deprecated"];

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Index, string Id), JsonNode> _documents = [];
    private readonly Dictionary<string, JsonNode> _templates = new(StringComparer.Ordinal);

    /// <summary>What a request must carry to be let in; null for anybody.</summary>
    public string? Authorization { get; init; }

    /// <summary>Whether it says that it is Elasticsearch; OpenSearch does not.</summary>
    public bool SaysItsName { get; init; } = true;

    /// <summary>The status of documents that are not taken, by id.</summary>
    public Dictionary<string, int> Failing { get; } = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<(string Index, string Id), JsonNode> Documents => _documents;

    public IReadOnlyDictionary<string, JsonNode> Templates => _templates;

    public Task AnswerAsync(HttpContext context, LocalRequest request)
    {
        if (SaysItsName)
        {
            context.Response.Headers["X-elastic-product"] = "Elasticsearch";
        }

        var (status, body) = Answer(request);
        if (status == 401)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"security\", charset=\"UTF-8\", ApiKey";
        }

        return LocalServer.AnswerAsync(context, status, body.ToJsonString(), "application/json");
    }

    private (int Status, JsonNode Body) Answer(LocalRequest request)
    {
        if (Authorization is not null && request.Header("Authorization") != Authorization)
        {
            return Error(401, "security_exception", $"missing authentication credentials for REST request [{request.Path}]");
        }

        string path = request.Path.Split('?')[0];
        lock (_gate)
        {
            return (request.Method, path.Split('/', StringSplitOptions.RemoveEmptyEntries)) switch
            {
                ("POST", ["_bulk"]) => Bulk(request),
                ("GET", ["_index_template", var name]) => _templates.TryGetValue(Uri.UnescapeDataString(name), out var template)
                    ? (200, new JsonObject { ["index_templates"] = new JsonArray(new JsonObject { ["name"] = name, ["index_template"] = template.DeepClone() }) })
                    : Error(404, "resource_not_found_exception", $"index template matching [{name}] not found"),
                ("PUT", ["_index_template", var name]) => PutTemplate(request, Uri.UnescapeDataString(name)),
                _ => Error(400, "illegal_argument_exception", $"no handler found for uri [{request.Path}] and method [{request.Method}]"),
            };
        }
    }

    private (int Status, JsonNode Body) Bulk(LocalRequest request)
    {
        if (request.Header("Content-Type")?.Split(';')[0] is not ("application/x-ndjson" or "application/json"))
        {
            return (406, new JsonObject { ["error"] = $"Content-Type header [{request.Header("Content-Type")}] is not supported", ["status"] = 406 });
        }

        if (!request.Text.EndsWith('\n'))
        {
            return Error(400, "illegal_argument_exception", "The bulk request must be terminated by a newline [\\n]");
        }

        string[] lines = request.Text.Split('\n')[..^1];
        var items = new JsonArray();
        bool errors = false;
        for (int i = 0; i + 1 < lines.Length; i += 2)
        {
            JsonNode action;
            try
            {
                action = JsonNode.Parse(lines[i])!["create"]!;
            }
            catch (JsonException e)
            {
                return Error(400, "json_parse_exception", e.Message);
            }

            var (status, error) = Create((string)action["_index"]!, (string)action["_id"]!, lines[i + 1]);
            errors |= error is not null;
            var result = new JsonObject { ["_index"] = (string)action["_index"]!, ["_id"] = (string)action["_id"]!, ["status"] = status };
            if (error is not null)
            {
                result["error"] = error;
            }

            items.Add(new JsonObject { ["create"] = result });
        }

        var answer = new JsonObject { ["took"] = 3, ["errors"] = errors, ["items"] = items };
        return (200, request.Path.Contains("filter_path=", StringComparison.Ordinal) ? Filtered(answer) : answer);
    }

    private (int Status, JsonObject? Error) Create(string index, string id, string document)
    {
        if (Failing.TryGetValue(id, out int failure))
        {
            return (failure, new JsonObject
            {
                ["type"] = failure switch
                {
                    429 => "es_rejected_execution_exception",
                    503 => "unavailable_shards_exception",
                    404 => "index_not_found_exception",
                    403 => "security_exception",
                    _ => "document_parsing_exception",
                },
                ["reason"] = $"[1:2] the document {id} is not taken",
                ["index"] = index,
            });
        }

        var parsed = JsonNode.Parse(document)!;
        if (_templates.Values.Any(template => template["data_stream"] is not null) && parsed["@timestamp"] is null)
        {
            return (400, new JsonObject { ["type"] = "illegal_argument_exception", ["reason"] = "data stream timestamp field [@timestamp] is missing" });
        }

        return _documents.TryAdd((index, id), parsed)
            ? (201, null)
            : (409, new JsonObject { ["type"] = "version_conflict_engine_exception", ["reason"] = $"[{id}]: version conflict, document already exists (current version [1])" });
    }

    private (int Status, JsonNode Body) PutTemplate(LocalRequest request, string name)
    {
        JsonObject template;
        try
        {
            template = JsonNode.Parse(request.Text)!.AsObject();
        }
        catch (JsonException e)
        {
            return Error(400, "x_content_parse_exception", e.Message);
        }

        if (request.Header("Content-Type")?.Split(';')[0] != "application/json")
        {
            return (406, new JsonObject { ["error"] = $"Content-Type header [{request.Header("Content-Type")}] is not supported", ["status"] = 406 });
        }

        if (template.FirstOrDefault(entry => !TemplateKeys.Contains(entry.Key, StringComparer.Ordinal)) is { Key: { } unknown })
        {
            return Error(400, "x_content_parse_exception", $"[1:2] [index_template] unknown field [{unknown}]");
        }

        if (template["index_patterns"] is not JsonArray { Count: > 0 })
        {
            return Error(400, "x_content_parse_exception", "[1:2] [index_template] failed to parse field [index_patterns]");
        }

        if (template["template"]?["settings"]?["index"]?["number_of_shards"] is { } shards && (int)shards < 1)
        {
            return Error(400, "illegal_argument_exception", "Failed to parse value [0] for setting [index.number_of_shards] must be >= 1");
        }

        _templates[name] = template;
        return (200, new JsonObject { ["acknowledged"] = true });
    }

    private static JsonObject Filtered(JsonObject answer)
    {
        foreach (var item in answer["items"]!.AsArray())
        {
            var result = item!["create"]!.AsObject();
            result.Remove("_index");
            result.Remove("_id");
            (result["error"] as JsonObject)?.Remove("index");
        }

        answer.Remove("took");
        return answer;
    }

    private static (int Status, JsonNode Body) Error(int status, string type, string reason) => (status, new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["root_cause"] = new JsonArray(new JsonObject { ["type"] = type, ["reason"] = reason }),
            ["type"] = type,
            ["reason"] = reason,
        },
        ["status"] = status,
    });
}
