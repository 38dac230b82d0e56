namespace Talon.Sandbox;

/// <summary>The standard output, with colours where they are wanted. Text of events is shown, never obeyed: control characters are replaced.</summary>
internal sealed class Screen(TextWriter output, bool colour)
{
    private const string Reset = "\e[0m";

    public void Line(string text = "") => output.WriteLine(Plain(text));

    public void Title(string text) => output.WriteLine(Paint("\e[1m", text));

    public void Faint(string text) => output.WriteLine(Paint("\e[2m", text));

    /// <summary>A line that is to be copied: shown as it is.</summary>
    public void Command(string text) => output.WriteLine("  " + Paint("\e[36m", text));

    /// <summary>A line of the timeline.</summary>
    /// <param name="head">Its time.</param>
    /// <param name="kind">What it is about.</param>
    /// <param name="text">What happened.</param>
    public void Step(string head, TimelineKind kind, string text) =>
        output.WriteLine($"{Paint("\e[2m", head)}  {Paint(ColourOf(kind), kind.ToString().ToLowerInvariant().PadRight(8))}  {Plain(text)}");

    private static string ColourOf(TimelineKind kind) => kind switch
    {
        TimelineKind.Sent or TimelineKind.Answer => "\e[36m",
        TimelineKind.Journal => "\e[33m",
        TimelineKind.Api => "\e[34m",
        TimelineKind.Gone => "\e[32m",
        TimelineKind.Trouble => "\e[31m",
        _ => "\e[35m",
    };

    private static string Plain(string text) => string.Create(text.Length, text, static (span, from) =>
    {
        for (int i = 0; i < span.Length; i++)
            span[i] = char.IsControl(from[i]) ? '?' : from[i];
    });

    private string Paint(string code, string text) => colour ? code + Plain(text) + Reset : Plain(text);
}
