namespace Talon.Actors.Plugins.Rbac;

/// <summary>One right in Kubernetes: one verb on one resource.</summary>
/// <param name="Namespace">The namespace it is for; null for all of them and for what is in none.</param>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resource">The resource, with its subresource: <c>pods/exec</c>.</param>
/// <param name="Name">The one object it is for, as in <c>resourceNames</c>; null for all of them.</param>
public sealed record RbacRight(string? Namespace, string Group, string Resource, string Verb, string? Name = null);
