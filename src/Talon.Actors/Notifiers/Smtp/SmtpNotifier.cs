using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Rules.Catalog;
using Talon.Rules.Text;

namespace Talon.Actors.Notifiers.Smtp;

/// <summary><c>smtp</c>: a mail for each record, those of a batch over one connection.</summary>
internal sealed class SmtpNotifier : INotifier
{
    private const int MostMails = 20;
    private const int LongestReason = 300;

    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(1);

    private readonly SmtpSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ITalonLog _log;
    private readonly SecretMask _mask;
    private readonly X509Certificate2Collection? _authorities;
    private readonly X509Certificate2? _certificate;

    /// <param name="settings">The settings, which are right.</param>
    /// <exception cref="SettingException">A file of the settings cannot be used.</exception>
    public SmtpNotifier(SmtpSettings settings, TimeProvider clock, ITalonLog log)
    {
        _settings = settings;
        _clock = clock;
        _log = log;
        _mask = new SecretMask(SecretsOf(settings));
        _authorities = settings.Tls.Authorities(Descriptor.Name);
        _certificate = settings.Tls.Certificate(Descriptor.Name);
    }

    public NotifierDescriptor Descriptor => SmtpModule.Module.Descriptor;

    public int BatchSize => MostMails;

    public async Task<NotifyResult> SendAsync(ImmutableArray<Notification> batch, CancellationToken cancellationToken)
    {
        var ends = new RecordEnd[batch.Length];
        var said = new List<string>();
        using var session = new SmtpSession(_settings, _authorities, _certificate);
        try
        {
            await session.OpenAsync(cancellationToken);
            for (int i = 0; i < batch.Length && session.IsConnected; i++)
            {
                ends[i] = await MailAsync(session, batch[i], said, cancellationToken);
            }

            await SayFarewellAsync(session);
        }
        catch (Exception e) when (SmtpTrouble.Of(e, _mask) is { } trouble)
        {
            said.Add(trouble.Reason);
            Array.Fill(ends, trouble.IsForGood ? RecordEnd.Refused : RecordEnd.Again);
        }
        catch (OperationCanceledException) when (ends.Any(end => end != RecordEnd.Again))
        {
            // What was sent stays sent.
            said.Insert(0, $"no end in time after {ends.Count(end => end == RecordEnd.Delivered)} of {batch.Length} mails");
        }

        return Judge([.. ends], OneLine.Cut(string.Join("; ", said.Distinct(StringComparer.Ordinal)), LongestReason));
    }

    private static NotifyResult Judge(ImmutableArray<RecordEnd> ends, string said) => ends switch
    {
        _ when ends.All(end => end == RecordEnd.Delivered) => new NotifyResult.Delivered { Answer = said },
        [RecordEnd.Refused] => new NotifyResult.Refused(said),
        _ when ends.All(end => end == RecordEnd.Again) => new NotifyResult.Troubled(said),
        _ => new NotifyResult.Troubled(said) { Ends = ends },
    };

    // A server may repeat the lines of the login, which are the texts of RFC 4616 and of LOGIN in base64.
    private static IEnumerable<string> SecretsOf(SmtpSettings settings) => settings.Password.Length == 0
        ? []
        : [settings.Password, Base64($"\0{settings.User}\0{settings.Password}"), Base64(settings.Password)];

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task<RecordEnd> MailAsync(SmtpSession session, Notification record, List<string> said, CancellationToken cancellationToken)
    {
        try
        {
            using var mail = MailMaker.Of(record, _settings);
            var (answer, refused) = await session.MailAsync(mail, cancellationToken);
            said.Add(Line(answer));
            if (!refused.IsEmpty)
            {
                string who = $"not taken for {Line(string.Join("; ", refused))}";
                said.Insert(0, who);
                Warn(record, who);
            }

            return RecordEnd.Delivered;
        }
        catch (Exception e) when (SmtpTrouble.Of(e, _mask) is { } trouble)
        {
            said.Insert(0, trouble.Reason);
            return trouble.IsForGood ? RecordEnd.Refused : RecordEnd.Again;
        }
    }

    // Everything has been said: how the server takes it changes nothing.
    private async Task SayFarewellAsync(SmtpSession session)
    {
        using var patience = new CancellationTokenSource(FarewellTime, _clock);
        try
        {
            await session.DisconnectAsync(quit: true, patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException || SmtpTrouble.Of(e, _mask) is not null)
        {
        }
    }

    private void Warn(Notification record, string what) => _log.Write(new LogLine("notification")
    {
        Level = LogLineLevel.Warn,
        Notifier = Descriptor.Name,
        Rule = record.Rule,
        Action = record.Action,
        TraceId = record.TraceId,
        Error = what,
    });

    private string Line(string text) => OneLine.From(_mask.Of(text));
}
