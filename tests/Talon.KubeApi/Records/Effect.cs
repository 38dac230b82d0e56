namespace Talon.KubeApi;

/// <summary>One change of one object by one request: its resourceVersion moved, or its deletionTimestamp was set for the first time.</summary>
/// <param name="RequestNumber">Number of the request in <see cref="RequestRecord"/>.</param>
/// <param name="Time">When the request came.</param>
/// <param name="Verb">create, update, patch, delete or deletecollection.</param>
/// <param name="Resource">Plural name, e.g. <c>pods</c>.</param>
/// <param name="Namespace">Null for kinds that live in no namespace.</param>
/// <param name="Name">Name of the object.</param>
/// <param name="Uid">Uid of the object.</param>
public sealed record Effect(long RequestNumber, DateTimeOffset Time, string Verb, string Resource, string? Namespace, string Name, string Uid);
