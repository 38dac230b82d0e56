namespace Talon.Actors.Actionners.Commands.Shell;

/// <summary>A here-document that was announced and whose lines come after the end of the line.</summary>
/// <param name="Delimiter">The line that ends it.</param>
/// <param name="StripsTabs">Whether tabs at the beginning of a line do not count.</param>
/// <param name="Quoted">Whether nothing is expanded in it.</param>
/// <param name="FeedsShell">Whether a shell reads it.</param>
internal readonly record struct HereDocument(string Delimiter, bool StripsTabs, bool Quoted, bool FeedsShell);
