namespace Talon.KubeApi.Access;

/// <summary>Who sends a request.</summary>
internal sealed record Caller(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>Whom the admin token stands for; nothing is refused to it.</summary>
    public static Caller Admin { get; } = new("kubernetes-admin", ["system:masters", "system:authenticated"]);

    public static Caller Anonymous { get; } = new("system:anonymous", ["system:unauthenticated"]);

    public bool IsAdmin => Groups.Contains("system:masters", StringComparer.Ordinal);

    /// <summary>A user with a token, with the groups that come by themselves.</summary>
    public static Caller Named(string name, IEnumerable<string> groups)
    {
        var parts = name.Split(':');
        IEnumerable<string> own = parts is ["system", "serviceaccount", var ns, _] ? ["system:serviceaccounts", $"system:serviceaccounts:{ns}"] : [];
        return new Caller(name, [.. groups, .. own, "system:authenticated"]);
    }
}
