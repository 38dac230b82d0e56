using System.Diagnostics;
using System.Text;
using CsCheck;
using Talon.Actors.Pipeline.Notifying;

namespace Talon.Actors.Tests.Pipeline.Notifying;

public sealed class RedactionTests
{
    private static readonly string[] Openings = ["password=", "Authorization: ", "://", "eyJ", "\x1b[", "\"token\":\"", "--secret ", "Bearer "];

    [Theory]
    [InlineData("curl -H 'Authorization: Bearer abc.def' http://x", "curl -H 'Authorization: [redacted]' http://x")]
    [InlineData("curl -H \"authorization: Basic dXNlcjpwYXNz\" x", "curl -H \"authorization: [redacted]\" x")]
    [InlineData("sent bearer abcdef123456 on", "sent bearer [redacted] on")]
    [InlineData("mysql --password=hunter2 -u root", "mysql --password=[redacted] -u root")]
    [InlineData("mysql --password hunter2 -u root", "mysql --password [redacted] -u root")]
    [InlineData("DB_PASSWORD='a b c' run", "DB_PASSWORD=[redacted] run")]
    [InlineData("token=abc&next=1", "token=[redacted]&next=1")]
    [InlineData("{\"client_secret\": \"s3 cret\", \"a\": 1}", "{\"client_secret\": [redacted], \"a\": 1}")]
    [InlineData("git clone https://user:pass@host/repo", "git clone https://[redacted]@host/repo")]
    [InlineData("key AKIAIOSFODNN7EXAMPLE used", "key [redacted] used")]
    [InlineData("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws_secret_access_key = [redacted]")]
    [InlineData("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_1 here", "got [redacted] here")]
    [InlineData("ghp_0123456789abcdefghijABCDEFGHIJ", "[redacted]")]
    [InlineData("a -----BEGIN RSA PRIVATE KEY-----\nMIIE\nAAAA\n-----END RSA PRIVATE KEY----- b", "a [redacted] b")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIE that was cut", "[redacted]")]
    public void Clean_Credentials_AreTakenOut(string text, string clean) => Assert.Equal(clean, Redaction.Clean(text, 1000));

    [Theory]
    [InlineData("the pod shop/cart-0 (uid 1234) was terminated")]
    [InlineData("A shell was spawned (user=root shell=bash cmdline=bash -c id)")]
    [InlineData("cannot read the secret shop/db: 403 Forbidden")]
    [InlineData("http://host:8080/path?mail=a@b")]
    public void Clean_WhatIsNoCredential_Stays(string text) => Assert.Equal(text, Redaction.Clean(text, 1000));

    [Theory]
    [InlineData("a\x1b[31mred\x1b[0m b", "ared b")]
    [InlineData("\x1b]0;title\abody", "body")]
    [InlineData("a\0\u0007\u202eb", "ab")]
    [InlineData("a\r\nb\rc\td", "a\nb\nc d")]
    [InlineData("pass\u200bword=hunter2", "password=[redacted]")]
    [InlineData("pass\x1b[1mword=hunter2", "password=[redacted]")]
    public void Clean_WhatMovesTheScreen_IsTakenOut(string text, string clean) => Assert.Equal(clean, Redaction.Clean(text, 1000));

    [Theory]
    [InlineData("abcdef", 4, "abc…")]
    [InlineData("abcd", 4, "abcd")]
    [InlineData("a😀😀b", 4, "a😀…")]
    [InlineData("a😀😀b", 3, "a…")]
    public void Clean_TooLong_IsCutBetweenCharacters(string text, int longest, string clean) => Assert.Equal(clean, Redaction.Clean(text, longest));

    [Fact]
    public void Clean_AnyText_HasNoControlsIsBoundedAndStaysAsItIsTheSecondTime() =>
        Gen.Select(Gen.String, Gen.Int[0, Openings.Length - 1].Select(i => Openings[i]), Gen.String).Sample((a, b, c) =>
        {
            string once = Redaction.Clean(a + b + c, 10_000);
            return once.All(letter => letter == '\n' || !char.IsControl(letter))
                && Redaction.Clean(a + b + c, 20).Length <= 20
                && Redaction.Clean(once, 10_000) == once;
        });

    [Fact]
    public void Clean_AnySecretBehindItsName_IsGone() =>
        Gen.Char["abcdefghijkmnpqrsuvwxyz0123456789/+_-"].Array[8, 40].Select(letters => new string(letters)).Sample(secret =>
            !Redaction.Clean($"run PASSWORD={secret} and --api-key {secret} {{\"apiKey\":\"{secret}\"}} https://u:{secret.Replace('/', '_')}@h", 10_000)
                .Contains(secret, StringComparison.Ordinal));

    [Theory]
    [InlineData("password=")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("a.-_secret")]
    [InlineData("\"\\\"")]
    [InlineData("eyJa.")]
    [InlineData("http://a")]
    [InlineData("\x1b[")]
    public void Clean_TextMadeToBeSlow_TakesTimeInProportion(string part)
    {
        string text = new StringBuilder().Insert(0, part, 1_000_000 / part.Length).ToString();
        Redaction.Clean(text[..10_000], 1000);
        var watch = Stopwatch.StartNew();

        Redaction.Clean(text, 1000);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), watch.Elapsed.ToString());
    }
}
