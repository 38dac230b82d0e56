using Talon.KubeApi.Kinds;

namespace Talon.KubeApi.Store;

/// <summary>One resource the server knows: a row in the table of kinds.</summary>
internal sealed class ResourceKind
{
    public required string Group { get; init; }

    public required string Plural { get; init; }

    public required string Kind { get; init; }

    public required bool Namespaced { get; init; }

    /// <summary>The client's model of the kind: names and types of its fields. Null for a custom resource, whose spec is free.</summary>
    public required Type? Model { get; init; }

    public required KindStrategy Strategy { get; init; }

    public string Version { get; init; } = "v1";

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Verbs beside those every kind has.</summary>
    public bool DeleteCollection { get; init; } = true;

    /// <summary>The kind that holds the objects when this one only shows them in another form; null: this one.</summary>
    public ResourceKind? StoredAs { get; init; }

    /// <summary>The other form; null where <see cref="StoredAs"/> is.</summary>
    public EventForm? View { get; init; }

    /// <summary>A custom resource: kind and apiVersion are needed, no strategic merge, items of a list say what they are.</summary>
    public bool IsCustom => Model is null;

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    /// <summary>What the stored text of every object of the kind begins with; a list leaves it out.</summary>
    public string Prefix => $"{{\"kind\":\"{Kind}\",\"apiVersion\":\"{ApiVersion}\",";
}
