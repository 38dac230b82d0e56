using System.Collections.Immutable;
using Talon.Actors.Pipeline;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Outputs.ObjectStores;

/// <summary>
/// Decides what follows from each answer while one object is created under one key. An object that is already there is ours when it has
/// our event key and digest; it is never overwritten.
/// </summary>
/// <param name="ours">The metadata that the object is to have.</param>
internal sealed class UploadDecision(ImmutableSortedDictionary<string, string> ours)
{
    private int _tries;
    private bool _mayBeThere;
    private PutResult.Failed? _last;

    /// <summary>After a try to create it.</summary>
    /// <param name="left">How much time the attempt has left.</param>
    /// <param name="jitter">A random number in [0, 1).</param>
    public UploadStep After(PutResult result, TimeSpan left, double jitter)
    {
        _tries++;
        switch (result)
        {
            case PutResult.Stored:
                return new UploadStep.Done();
            case PutResult.Exists:
                return new UploadStep.Ask();
            case PutResult.Failed failed:
                _last = failed;
                _mayBeThere |= failed.Kind.MayHaveHappened() && !failed.NotCreated;
                return failed.Lost || failed.Kind.IsTransient() ? AgainWithin(left, jitter) : new UploadStep.Fail(failed.Kind, Text(failed.Reason));
            default:
                throw new InvalidOperationException($"no such result: {result}");
        }
    }

    /// <summary>After a look at what has the key.</summary>
    public UploadStep After(HeadResult result, TimeSpan left, double jitter)
    {
        switch (result)
        {
            case HeadResult.Found found:
                return IsOurs(found.Metadata) ? new UploadStep.Done() : new UploadStep.NextKey();
            case HeadResult.Missing:
                _last = new PutResult.Failed(FailureKind.Conflict, "the store says that the object exists, and that it does not");
                return AgainWithin(left, jitter);
            case HeadResult.Failed failed when failed.Kind.IsTransient():
                _last = new PutResult.Failed(failed.Kind, failed.Reason);
                return AgainWithin(left, jitter);

            // Nothing of ours can be there, so it is another's.
            case HeadResult.Failed when !_mayBeThere:
                return new UploadStep.NextKey();
            case HeadResult.Failed failed:
                return new UploadStep.Fail(
                    FailureKind.Unknown,
                    Text($"an earlier try got no answer and something has the key now; whether it is this artifact cannot be read: {failed.Reason}"));
            default:
                throw new InvalidOperationException($"no such result: {result}");
        }
    }

    /// <summary>When no time is left for another try.</summary>
    public UploadStep.Fail OutOfTime(string why) => new(EndKind, Text(_last is null ? why : $"{_last.Reason}; {why}"));

    // Kinds that say that nothing was carried out are for the action itself, and that has been: only the upload is missing.
    private FailureKind EndKind => _mayBeThere || _last is null ? FailureKind.Timeout : FailureKind.ServerError;

    private UploadStep AgainWithin(TimeSpan left, double jitter)
    {
        var delay = RetryPolicy.Backoff(_tries, jitter);
        if (_last!.RetryAfter is { } asked && asked > delay)
        {
            delay = asked;
        }

        return delay < left ? new UploadStep.Again(delay) : OutOfTime("there is no time for another try before the deadline of the action");
    }

    private bool IsOurs(ImmutableSortedDictionary<string, string> theirs) =>
        Same(theirs, ArtifactMetadata.EventKey) && Same(theirs, ArtifactMetadata.Sha256);

    private bool Same(ImmutableSortedDictionary<string, string> theirs, string name) =>
        theirs.TryGetValue(name, out string? value) && value == ours[name];

    private string Text(string reason) => _tries > 1 ? $"{reason} (after {_tries} tries)" : reason;
}
