namespace Talon.Host.Ingress;

/// <summary>The TLS files of the ingress cannot be used. The message names the key and the file.</summary>
internal sealed class IngressCertificateException : Exception
{
    public IngressCertificateException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
