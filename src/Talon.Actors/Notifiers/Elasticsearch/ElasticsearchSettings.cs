using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Elasticsearch;

/// <summary>The settings of <c>elasticsearch</c>. The password, the API key and the headers are secrets.</summary>
/// <param name="User">The user of basic authentication; empty for none.</param>
/// <param name="ApiKey">The API key, as <c>id:key</c> or encoded; empty for none.</param>
/// <param name="Index">The name of the index before its suffix, or of the data stream.</param>
/// <param name="DataStream">Whether the documents go to a data stream, which has no suffix.</param>
internal sealed record ElasticsearchSettings(
    string Url,
    string User,
    string Password,
    string ApiKey,
    string Index,
    IndexSuffix Suffix,
    bool DataStream,
    bool CreateIndexTemplate,
    int NumberOfShards,
    int NumberOfReplicas,
    ImmutableSortedDictionary<string, string> CustomHeaders,
    TlsSettings Tls)
{
    private const string ApiKeyName = "api_key";
    private const string DefaultIndex = "falco-talon";
    private const int DefaultCopies = 3;

    // The limits of Elasticsearch: 1,024 shards an index (es.index.max_number_of_shards), and names of 255 bytes, of which the date may take 11.
    private const int MostShards = 1024;
    private const int LongestIndex = 244;

    private static readonly SearchValues<char> NotInIndex = SearchValues.Create("\\/*?\"<>| ,#:ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    public static ParameterSchema Schema { get; } = new(
    [
        HttpSettings.Server("The address of the server."),
        HttpSettings.User("password"),
        HttpSettings.Password("password"),
        HttpSettings.Password(ApiKeyName) with
        {
            Description = "An API key instead of a user, as id:key or in the encoded form.",
            Check = SettingChecks.HeaderValue,
        },
        new ParameterSpec
        {
            Name = "index",
            Type = ParameterType.Text,
            DefaultText = DefaultIndex,
            Description = "The name of the index before its suffix, or of the data stream.",
            Check = value => value is ParameterValue.Text text ? CheckIndex(text.Value) : null,
        },
        new ParameterSpec
        {
            Name = "suffix",
            Type = ParameterType.Text,
            DefaultText = "daily",
            Description = "What part of the date (UTC) follows the name of the index: daily, monthly, annually or none.",
            Check = SettingChecks.OneOf("daily", "monthly", "annually", "none"),
        },
        new ParameterSpec
        {
            Name = "data_stream",
            Type = ParameterType.Flag,
            DefaultText = "false",
            Description = "Whether the documents go to a data stream, which is named as index says, without a suffix.",
        },
        new ParameterSpec
        {
            Name = "create_index_template",
            Type = ParameterType.Flag,
            DefaultText = "true",
            Description = "Whether Talon makes the index template when there is none.",
        },
        new ParameterSpec
        {
            Name = "number_of_shards",
            Type = ParameterType.Whole,
            DefaultText = $"{DefaultCopies}",
            Description = "The shards of an index, for the template.",
            Range = new WholeRange(1, MostShards),
        },
        new ParameterSpec
        {
            Name = "number_of_replicas",
            Type = ParameterType.Whole,
            DefaultText = $"{DefaultCopies}",
            Description = "The replicas of a shard, for the template; 0 for none.",
            Range = new WholeRange(0, MostShards),
        },
        HttpSettings.CustomHeaders,
        .. TlsSettings.Specs,
    ])
    { Word = "setting", Check = CheckAll };

    /// <summary>Reads settings as written. The problems are empty when they are right.</summary>
    public static (ElasticsearchSettings Settings, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        var settings = new ElasticsearchSettings(
            map.GetText("url") ?? "",
            map.GetText("user") ?? "",
            map.GetText("password") ?? "",
            map.GetText(ApiKeyName) ?? "",
            map.GetText("index") ?? DefaultIndex,
            map.GetText("suffix") switch
            {
                "none" => IndexSuffix.None,
                "monthly" => IndexSuffix.Monthly,
                "annually" => IndexSuffix.Annually,
                _ => IndexSuffix.Daily,
            },
            map.GetFlag("data_stream") ?? false,
            map.GetFlag("create_index_template") ?? true,
            problems.IsEmpty ? (int?)map.GetWhole("number_of_shards") ?? DefaultCopies : DefaultCopies,
            problems.IsEmpty ? (int?)map.GetWhole("number_of_replicas") ?? DefaultCopies : DefaultCopies,
            HttpSettings.HeadersOf(map, "custom_headers"),
            TlsSettings.Of(map));
        return (settings, problems);
    }

    /// <summary>Leaves the secrets out: settings get printed.</summary>
    public override string ToString() =>
        $"ElasticsearchSettings {{ User = {User}, Index = {Index}, Suffix = {Suffix}, CustomHeaders = {string.Join(", ", CustomHeaders.Keys)} }}";

    private static string? CheckAll(ParameterMap map) => map.GetText("user") is { Length: > 0 } && map.GetText(ApiKeyName) is { Length: > 0 }
        ? $"settings 'user' and '{ApiKeyName}' are both given; keep one of them"
        : TlsSettings.Check(map);

    private static string? CheckIndex(string index)
    {
        bool right = index.Length > 0 && Encoding.UTF8.GetByteCount(index) <= LongestIndex && index[0] is not ('-' or '_' or '+' or '.')
            && !index.AsSpan().ContainsAny(NotInIndex) && !index.Any(char.IsControl);
        return right
            ? null
            : $"must be the name of an index: lower case, at most {LongestIndex} bytes, without blanks and \\ / * ? \" < > | , # :, and not begin with - _ + .";
    }
}
