namespace Talon.Actors.Clients.Aws;

/// <summary>Makes the HTTP clients for calls that are not made by the SDK. They follow no redirects; every call has a deadline through its token.</summary>
internal static class AwsHttp
{
    /// <summary>For a service of AWS. A proxy that the environment names is used, as the SDK does it.</summary>
    public static HttpClient ForServices() => Create(TimeSpan.FromSeconds(5), useProxy: true);

    /// <summary>For the metadata service of the instance, which no proxy reaches.</summary>
    public static HttpClient ForInstance() => Create(TimeSpan.FromSeconds(1), useProxy: false);

    private static HttpClient Create(TimeSpan connect, bool useProxy) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = useProxy,
        ConnectTimeout = connect,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
