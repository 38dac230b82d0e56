using System.Text;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>The address of an exec. The command goes into its query, so its length is bounded.</summary>
internal static class ExecAddress
{
    /// <summary>The longest query, in characters. Go's servers read 1 MiB of request line and headers; half of it leaves room for what stands between.</summary>
    public const int MaxQuery = 512 * 1024;

    /// <summary>The longest argument, in bytes, its end included: Linux takes 32 pages of 4 KiB.</summary>
    public const int MaxArgument = 128 * 1024;

    /// <summary>Makes the address. Null, and what is wrong, when no server and no kernel would take the command.</summary>
    public static (Uri? Address, string? Problem) Of(Uri server, ExecCommand command)
    {
        var query = new StringBuilder();
        foreach (string argument in command.Arguments)
        {
            if (argument.Contains('\0', StringComparison.Ordinal))
            {
                return (null, "an argument of the command holds a NUL character, which no program can be given");
            }

            if (Encoding.UTF8.GetByteCount(argument) >= MaxArgument)
            {
                return (null, $"an argument of the command has {Encoding.UTF8.GetByteCount(argument)} bytes; Linux takes less than {MaxArgument}");
            }

            query.Append("command=").Append(Uri.EscapeDataString(argument)).Append('&');
        }

        if (query.Length > MaxQuery)
        {
            return (null, $"the command takes up {query.Length} characters of an address; at most {MaxQuery} are sent");
        }

        query.Append("container=").Append(Uri.EscapeDataString(command.Container));
        query.Append(command.Input is null ? "&stdin=0" : "&stdin=1").Append("&stdout=1&stderr=1&tty=0");
        var address = new UriBuilder(server)
        {
            Scheme = server.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
            Path = $"{server.AbsolutePath.TrimEnd('/')}/api/v1/namespaces/{command.Namespace}/pods/{command.Pod}/exec",
            Query = query.ToString(),
        };
        return (address.Uri, null);
    }
}
