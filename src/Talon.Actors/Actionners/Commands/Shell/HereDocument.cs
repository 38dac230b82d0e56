namespace Talon.Actors.Actionners.Commands.Shell;

/// <summary>A here-document whose operator was read; its lines come after the current line.</summary>
/// <param name="Delimiter">The line that ends it.</param>
/// <param name="StripsTabs">Whether leading tabs are removed (<c>&lt;&lt;-</c>).</param>
/// <param name="Quoted">Whether its delimiter is quoted: then nothing is expanded.</param>
/// <param name="FeedsShell">Whether a shell reads it as code.</param>
internal readonly record struct HereDocument(string Delimiter, bool StripsTabs, bool Quoted, bool FeedsShell);
