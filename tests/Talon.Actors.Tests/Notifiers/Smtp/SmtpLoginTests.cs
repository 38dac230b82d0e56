using Talon.Actors.Notifiers.Http;
using Talon.Actors.Notifiers.Smtp;
using Talon.Actors.Plugins;
using Talon.Testing.Tools;

namespace Talon.Actors.Tests.Notifiers.Smtp;

/// <summary><c>smtp</c> against a real mail server: TLS, certificates and login.</summary>
[Trait("Speed", "Slow")]
public sealed class SmtpLoginTests(MailServer server) : IClassFixture<MailServer>
{
    [ToolTheory(TestTool.SmtpServer)]
    [InlineData(SmtpTls.IfOffered, "plain", false)]
    [InlineData(SmtpTls.None, "plain", false)]
    [InlineData(SmtpTls.IfOffered, "starttls", true)]
    [InlineData(SmtpTls.None, "starttls", false)]
    [InlineData(SmtpTls.StartTls, "starttls", true)]
    [InlineData(SmtpTls.Implicit, "implicit", true)]
    internal async Task Send_Mode_TurnsToTlsOrNot(SmtpTls mode, string port, bool secure)
    {
        var record = Record($"mode-{mode}-{port}");

        Assert.IsType<NotifyResult.Delivered>(await SendAsync(server.Settings(PortOf(port)) with { Mode = mode }, record));
        Assert.Equal(secure, Assert.Single(server.Of(record.Id)).Secure);
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_StartTlsIsNotOffered_SendsNothing()
    {
        var record = Record("stripped");

        var troubled = Assert.IsType<NotifyResult.Troubled>(await SendAsync(server.Settings(server.PlainPort) with { Mode = SmtpTls.StartTls }, record));
        Assert.StartsWith("the server does not offer STARTTLS", troubled.Reason, StringComparison.Ordinal);
        Assert.Empty(server.Of(record.Id));
    }

    [ToolTheory(TestTool.SmtpServer)]
    [InlineData(SmtpTls.IfOffered, "starttls")]
    [InlineData(SmtpTls.StartTls, "starttls")]
    [InlineData(SmtpTls.Implicit, "implicit")]
    internal async Task Send_WrongAuthority_SaysWhichSettingToMend(SmtpTls mode, string port)
    {
        using var other = new TestCertificates("wrong");
        using var folder = new TempFolder();
        var record = Record($"wrong-{mode}");

        foreach (string file in (string[])[folder.Write("ca.pem", other.AuthorityPem), ""])
        {
            var troubled = Assert.IsType<NotifyResult.Troubled>(await SendAsync(server.Settings(PortOf(port)) with { Mode = mode, Tls = new TlsSettings(file, "", "", false) }, record));
            Assert.StartsWith("TLS failed: ", troubled.Reason, StringComparison.Ordinal);
            Assert.Contains("ca_file", troubled.Reason, StringComparison.Ordinal);
        }

        Assert.Empty(server.Of(record.Id));
        Assert.IsType<NotifyResult.Delivered>(await SendAsync(server.Settings(PortOf(port)) with { Mode = mode, Tls = new TlsSettings("", "", "", true) }, record));
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_ClientCertificate_IsShown()
    {
        var settings = server.Settings(server.MutualPort) with { Mode = SmtpTls.Implicit };

        Assert.IsType<NotifyResult.Troubled>(await SendAsync(settings, Record("stranger")));
        Assert.IsType<NotifyResult.Delivered>(await SendAsync(settings with { Tls = server.WithClientCertificate() }, Record("known")));
    }

    [ToolTheory(TestTool.SmtpServer)]
    [InlineData("starttls", false)]
    [InlineData("plain", true)]
    public async Task Send_User_LogsIn(string port, bool inTheClear)
    {
        var record = Record($"login-{port}");

        Assert.IsType<NotifyResult.Delivered>(await SendAsync(WithLogin(port) with { AllowPlaintextAuth = inTheClear }, record));
        Assert.Equal("talon", Assert.Single(server.Of(record.Id)).User);
    }

    [ToolTheory(TestTool.SmtpServer)]
    [InlineData(SmtpTls.IfOffered, "plain")]
    [InlineData(SmtpTls.None, "starttls")]
    internal async Task Send_LoginInTheClear_IsRefusedWithTheNameOfTheSetting(SmtpTls mode, string port)
    {
        var record = Record($"clear-{port}");

        var refused = Assert.IsType<NotifyResult.Refused>(await SendAsync(WithLogin(port) with { Mode = mode }, record));
        Assert.Contains("allow_plaintext_auth: true", refused.Reason, StringComparison.Ordinal);
        Assert.Empty(server.Of(record.Id));

        // Those of a batch end together: one by one they would ask for a connection each.
        var troubled = Assert.IsType<NotifyResult.Troubled>(await SendAsync(WithLogin(port) with { Mode = mode }, record, record));
        Assert.Equal<RecordEnd>([RecordEnd.Refused, RecordEnd.Refused], troubled.Ends);
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_WrongPassword_IsRefusedWithoutShowingIt()
    {
        const string wrong = "wr0ng+p4ss/word";

        var refused = Assert.IsType<NotifyResult.Refused>(await SendAsync(WithLogin("starttls") with { Password = wrong }, Record("intruder")));
        Assert.StartsWith("the login was refused: 535: [redacted] is wrong ([redacted], [redacted])", refused.Reason, StringComparison.Ordinal);
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_LoginIsNotPossibleNow_IsTriedAgain()
    {
        var troubled = Assert.IsType<NotifyResult.Troubled>(await SendAsync(WithLogin("starttls") with { User = "busy" }, Record("busy")));

        Assert.Contains("454", troubled.Reason, StringComparison.Ordinal);
    }

    private static Notification Record(string name) => Records.Success with { Id = $"{name}-1/0/action" };

    private static Task<NotifyResult> SendAsync(SmtpSettings settings, params Notification[] batch) =>
        new SmtpNotifier(settings, TimeProvider.System, new KeptLog()).SendAsync([.. batch], CancellationToken.None);

    private SmtpSettings WithLogin(string port) => server.Settings(PortOf(port)) with { User = "talon", Password = MailServer.Password };

    private int PortOf(string name) => name switch
    {
        "starttls" => server.StartTlsPort,
        "implicit" => server.ImplicitPort,
        _ => server.PlainPort,
    };
}
