using System.Collections.Immutable;
using Talon.Actors.Clients.Calls;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Outputs.ObjectStores;

/// <summary>
/// One bucket of an object store. Every method makes one try: what is repeated, and when, is decided by <see cref="RemoteOutput"/>. Before each
/// request to the outside it asks the scope, and it notes nothing there: whether a store is reached says nothing of the system that the
/// action works on.
/// </summary>
internal interface IObjectStore
{
    /// <summary>The service and the bucket, for messages: <c>the bucket 'evidence' of AWS S3</c>.</summary>
    string Place { get; }

    /// <summary>Where objects are, for the outcome: <c>bucket</c>, <c>prefix</c>, <c>region</c>.</summary>
    ImmutableSortedDictionary<string, string> Objects { get; }

    /// <summary>Whether it would take an object, as far as that can be found out without writing and with the rights of writing. Null when it would.</summary>
    Task<ActionOutcome.Failed?> CheckAsync(CallScope scope);

    /// <summary>Creates the object, in one step and only if nothing has its key. Whatever the end, nothing that is not whole can be seen under the key.</summary>
    Task<PutResult> PutAsync(StoredObject item, CallScope scope);

    /// <summary>Reads the metadata of an object.</summary>
    Task<HeadResult> HeadAsync(string key, CallScope scope);

    /// <summary>
    /// Removes the parts of uploads of this key that did not end. Best effort: what stays is the business of a lifecycle rule of the bucket.
    /// </summary>
    Task RemoveUnfinishedAsync(string key, CallScope scope);

    /// <summary>Deletes an object that <c>talon outputs test</c> wrote. Null when it is gone, otherwise what the store said.</summary>
    Task<string?> DeleteAsync(string key, CallScope scope);
}
