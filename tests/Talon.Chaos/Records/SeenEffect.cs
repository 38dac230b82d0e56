namespace Talon.Chaos.Records;

/// <summary>
/// One effect as the stand-in saw it: a request that changed an object (its version moved, or its deletionTimestamp was set for the
/// first time), or a command that a container got to run.
/// </summary>
/// <param name="Time">When the request came in.</param>
/// <param name="Verb">delete, patch, exec ...</param>
/// <param name="Resource">Plural name.</param>
/// <param name="Name">The name of the object.</param>
/// <param name="Uid">The uid of the object.</param>
internal sealed record SeenEffect(DateTimeOffset Time, string Verb, string Resource, string Name, string Uid);
