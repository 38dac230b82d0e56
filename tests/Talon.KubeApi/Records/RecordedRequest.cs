namespace Talon.KubeApi;

/// <summary>One request as it came, and how it was answered.</summary>
/// <param name="Number">1 for the first request since the start.</param>
/// <param name="Time">When its body had come.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path as sent, still escaped, without the query.</param>
/// <param name="Query">Query as sent, with its question mark; empty when there is none.</param>
/// <param name="Verb">get, list, create, update, patch, delete, deletecollection ...; the small method for other paths.</param>
/// <param name="Resource">Plural name, or null for other paths.</param>
/// <param name="Namespace">Namespace of the path, if any.</param>
/// <param name="Name">Name of the object in the path, if any.</param>
/// <param name="ContentType">As sent.</param>
/// <param name="UserAgent">As sent.</param>
/// <param name="Body">The body, cut off at 16,384 characters.</param>
/// <param name="Status">Status answered; 0 while the request runs and when no answer was sent (connection reset, client gone).</param>
/// <param name="Fault">The injected fault that met the request, or null.</param>
public sealed record RecordedRequest(
    long Number,
    DateTimeOffset Time,
    string Method,
    string Path,
    string Query,
    string Verb,
    string? Resource,
    string? Namespace,
    string? Name,
    string? ContentType,
    string? UserAgent,
    string Body,
    int Status,
    string? Fault)
{
    /// <summary>The part of the object that the path names, e.g. <c>exec</c>, or null.</summary>
    public string? Subresource { get; init; }
}
