using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Http;

/// <summary>Whom a notifier trusts, and how it shows who it is.</summary>
/// <param name="CaFile">PEM file of the authorities that alone are trusted; empty for those of the system.</param>
/// <param name="CertFile">PEM file of a client certificate; empty for none.</param>
/// <param name="KeyFile">PEM file of its key.</param>
/// <param name="IsInsecure">Whether any certificate is taken.</param>
internal sealed record TlsSettings(string CaFile, string CertFile, string KeyFile, bool IsInsecure)
{
    private const string CaFileName = "ca_file";
    private const string CertFileName = "cert_file";
    private const string KeyFileName = "key_file";
    private const string InsecureName = "insecure_skip_verify";

    /// <summary>The settings, for the end of a schema.</summary>
    public static ImmutableArray<ParameterSpec> Specs { get; } =
    [
        File(CaFileName, "A PEM file with the authorities that alone are trusted.", "those of the system"),
        File(CertFileName, "A PEM file with the certificate that Talon shows; needs key_file.", "none"),
        File(KeyFileName, "A PEM file with the key of the certificate.", "none"),
        new ParameterSpec
        {
            Name = InsecureName,
            Type = ParameterType.Flag,
            DefaultText = "false",
            Description = "Whether any certificate of the other side is taken: for tests only.",
        },
    ];

    /// <summary>A check of them together, for the schema.</summary>
    public static string? Check(ParameterMap map) => Text(map, CertFileName).Length > 0 != Text(map, KeyFileName).Length > 0
        ? $"settings '{CertFileName}' and '{KeyFileName}' go together; set both or neither"
        : null;

    /// <summary>Reads them from settings that are right.</summary>
    public static TlsSettings Of(ParameterMap map) =>
        new(Text(map, CaFileName), Text(map, CertFileName), Text(map, KeyFileName), map.GetFlag(InsecureName) ?? false);

    /// <summary>The authorities of <see cref="CaFile"/>; null when the system decides.</summary>
    /// <exception cref="SettingException">The file cannot be used.</exception>
    public X509Certificate2Collection? Authorities(string notifier)
    {
        if (CaFile.Length == 0)
        {
            return null;
        }

        return Read($"notifiers.{notifier}.{CaFileName}", CaFile, () =>
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(CaFile);
            return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate");
        });
    }

    /// <summary>The certificate of <see cref="CertFile"/> with its key; null for none.</summary>
    /// <exception cref="SettingException">The files cannot be used.</exception>
    public X509Certificate2? Certificate(string notifier) => CertFile.Length == 0
        ? null
        : Read($"notifiers.{notifier}.{CertFileName}", CertFile, () => X509Certificate2.CreateFromPemFile(CertFile, KeyFile));

    private static T Read<T>(string key, string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SettingException($"{key}: the file '{file}' cannot be used: {e.Message}", e);
        }
    }

    private static string Text(ParameterMap map, string name) => map.GetText(name) ?? "";

    private static ParameterSpec File(string name, string description, string defaultText) => new()
    {
        Name = name,
        Type = ParameterType.Text,
        DefaultText = defaultText,
        Description = description,
    };
}
