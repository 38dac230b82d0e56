using MailKit;

namespace Talon.Actors.Notifiers.Smtp;

/// <summary>Cuts off a server that never stops talking; what one says in earnest is far less.</summary>
internal sealed class AnswerLimit : IProtocolLogger
{
    private const int MostBytes = 256 * 1024;

    private long _bytes;

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    public void LogConnect(Uri uri)
    {
    }

    public void LogClient(byte[] buffer, int offset, int count)
    {
    }

    public void LogServer(byte[] buffer, int offset, int count)
    {
        _bytes += count;
        if (_bytes > MostBytes)
        {
            throw new IOException($"the server said more than {MostBytes / 1024} KiB");
        }
    }

    public void Dispose()
    {
    }
}
