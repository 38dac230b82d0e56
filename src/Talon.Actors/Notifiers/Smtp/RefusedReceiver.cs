namespace Talon.Actors.Notifiers.Smtp;

/// <summary>A receiver that the server does not take a mail for.</summary>
/// <param name="Status">Its reply code: from 500 for good, below for now.</param>
/// <param name="Text">What it said, as it came.</param>
internal sealed record RefusedReceiver(string Address, int Status, string Text)
{
    public override string ToString() => $"{Address}: {Status} {Text}";
}
