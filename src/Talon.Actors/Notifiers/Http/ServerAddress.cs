namespace Talon.Actors.Notifiers.Http;

/// <summary>The address of a server as the configuration gives it, which may name a user.</summary>
/// <param name="Base">Scheme, host, port and path, without a slash at the end.</param>
/// <param name="User">The user that stands in the address; empty for none.</param>
/// <param name="Password">Its password; a secret.</param>
internal sealed record ServerAddress(string Base, string User, string Password)
{
    /// <summary>Reads an address that is right.</summary>
    public static ServerAddress Of(string url)
    {
        var uri = new Uri(url, UriKind.Absolute);
        string[] user = uri.UserInfo.Split(':', 2);
        return new ServerAddress(
            uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/'),
            Uri.UnescapeDataString(user[0]),
            user.Length > 1 ? Uri.UnescapeDataString(user[1]) : "");
    }

    /// <summary>Leaves the password out.</summary>
    public override string ToString() => Base;
}
