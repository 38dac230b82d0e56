using System.Collections.Immutable;
using System.Text.Json;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Contexts.Aws;

/// <summary><c>aws</c>: what the EC2 instance that Talon runs on says of itself. Values are kept for 5 minutes; errors are not.</summary>
internal sealed class AwsContext(InstanceMetadata instance, TimeProvider clock) : IContext
{
    private const string ProfilePath = "latest/meta-data/iam/info";

    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private (ImmutableSortedDictionary<string, string> Values, long At)? _kept;

    public ContextDescriptor Descriptor => AwsModule.Module.Descriptor;

    public async Task<ContextResult> LookUpAsync(ActionRequest request, CallScope scope)
    {
        lock (_gate)
        {
            if (_kept is { } kept && clock.GetElapsedTime(kept.At) < KeptFor)
            {
                return new ContextResult.Found(kept.Values);
            }
        }

        var (profile, error) = await instance.ReadAsync(ProfilePath, scope);
        if (profile is null)
        {
            return Failed(error!);
        }

        (string? region, error) = await instance.ReadAsync(InstanceMetadata.RegionPath, scope);
        if (region is null)
        {
            return Failed(error!);
        }

        if (Profile(profile) is not { } found)
        {
            return Failed(new AwsError(FailureKind.ServerError, "the metadata service of the EC2 instance gave an answer that is not JSON"));
        }

        var values = ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["aws.instance_profile_arn"] = found.Arn,
                ["aws.instance_profile_id"] = found.Id,
                ["aws.region"] = region,
            }.Where(value => value.Value.Length > 0));
        lock (_gate)
        {
            _kept = (values, clock.GetTimestamp());
        }

        return new ContextResult.Found(values);
    }

    // Empty texts for an instance without a profile; null for what is no answer.
    private static (string Arn, string Id)? Profile(string text)
    {
        if (text.Length == 0)
        {
            return ("", "");
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            string Get(string name) => json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
            return json.RootElement.ValueKind == JsonValueKind.Object ? (Get("InstanceProfileArn"), Get("InstanceProfileId")) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ContextResult.Failed Failed(AwsError error) => new(new ActionOutcome.Failed(
        error.Kind, error.Message, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal), error.RetryAfter));
}
