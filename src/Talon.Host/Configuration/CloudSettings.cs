using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Clients.Minio;

namespace Talon.Host.Configuration;

/// <summary>How clouds and object stores are reached. A key may stand in a file of its own.</summary>
internal sealed record CloudSettings
{
    public AwsOptions Aws { get; init; } = new();

    /// <summary>The file that holds the id of the access key of AWS; empty when it is given itself.</summary>
    public string AwsAccessKeyFile { get; init; } = "";

    /// <summary>The file that holds the secret key of AWS; empty when it is given itself.</summary>
    public string AwsSecretKeyFile { get; init; } = "";

    public GcpOptions Gcp { get; init; } = new();

    public MinioOptions Minio { get; init; } = new();

    /// <summary>The file that holds the access key of MinIO; empty when it is given itself.</summary>
    public string MinioAccessKeyFile { get; init; } = "";

    /// <summary>The file that holds the secret key of MinIO; empty when it is given itself.</summary>
    public string MinioSecretKeyFile { get; init; } = "";

    /// <summary>The same settings with all keys in place. The files are read now.</summary>
    /// <exception cref="IOException">A file cannot be read, or is empty.</exception>
    public CloudSettings WithKeysOfFiles() => this with
    {
        Aws = Aws with
        {
            AccessKey = Key("aws.access_key_file", AwsAccessKeyFile, Aws.AccessKey),
            SecretKey = Key("aws.secret_key_file", AwsSecretKeyFile, Aws.SecretKey),
        },
        Minio = Minio with
        {
            AccessKey = Key("minio.access_key_file", MinioAccessKeyFile, Minio.AccessKey),
            SecretKey = Key("minio.secret_key_file", MinioSecretKeyFile, Minio.SecretKey),
        },
    };

    /// <summary>Leaves the keys out: settings get printed.</summary>
    public override string ToString() => $"CloudSettings {{ Aws = {Aws}, Gcp = {Gcp}, Minio = {Minio} }}";

    private static string Key(string key, string file, string text) => file.Length > 0 ? SecretFile.Read(key, file) : text;
}
