using System.Text;
using CsCheck;
using Talon.Actors.Notifiers.K8sEvents;
using Talon.Actors.Tests.Pipeline.Notifying;

namespace Talon.Actors.Tests.Notifiers.K8sEvents;

public sealed class EventTextsTests
{
    [Fact]
    public void Note_Failure_SaysEverythingInLines() => Assert.Equal(
        """
        Status: failure
        Kind: forbidden
        Message: action
        Rule: Shell
        Action: Terminate Pod
        Actionner: kubernetes:terminate
        TraceID: 4bf92f3577b34da6a3ce929d0e0e4736
        Error: one
        two
        Namespace: shop
        Pod: cart-0
        Event: A shell was spawned
        """,
        EventTexts.Note(Notifications.Of(1, "failure", null, ("namespace", "shop"), ("pod", "cart-0")) with { Text = "one\r\ntwo" }));

    [Fact]
    public void Texts_OfAnything_KeepTheLimitsOfTheApiAndWholeCharacters() =>
        Gen.Select(Gen.String, Gen.String).Sample((a, b) =>
        {
            string text = string.Concat(Enumerable.Repeat(a + "é😀" + b, 60));
            string whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            var notification = Notifications.Of(1, "failure", null, ("x", whole), ("y", whole)) with { Text = whole, Event = whole, Rule = whole, Actionner = "a:" + whole };
            string note = EventTexts.Note(notification);
            return Encoding.UTF8.GetByteCount(note) <= 1024
                && Encoding.UTF8.GetByteCount(EventTexts.Reason(notification)) <= 128
                && Encoding.UTF8.GetByteCount(EventTexts.Action(notification)) <= 128
                && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(note)) == note;
        });

    [Fact]
    public void Name_SameDelivery_IsTheSame()
    {
        Assert.Equal(EventTexts.Name(Notifications.Of(1)), EventTexts.Name(Notifications.Of(1, "failure")));
        Assert.NotEqual(EventTexts.Name(Notifications.Of(1)), EventTexts.Name(Notifications.Of(2)));
    }

    [Theory]
    [InlineData("aé", 2, "a")]
    [InlineData("aé", 3, "aé")]
    [InlineData("😀", 3, "")]
    public void Cut_InsideACharacter_LeavesItOut(string text, int bytes, string cut) => Assert.Equal(cut, EventTexts.Cut(text, bytes));
}
