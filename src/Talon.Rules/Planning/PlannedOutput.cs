using Talon.Rules.Catalog;

namespace Talon.Rules.Planning;

/// <summary>Where the artifact of an action goes.</summary>
/// <param name="Target">The full name of the output, for instance <c>local:file</c>.</param>
/// <param name="Parameters">Its parameters as written.</param>
public sealed record PlannedOutput(string Target, ParameterMap Parameters);
