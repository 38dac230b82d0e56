using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Smtp;

/// <summary><c>smtp</c> as the catalog lists it.</summary>
internal static class SmtpModule
{
    public static NotifierModule Module { get; } = new(
        typeof(SmtpModule),
        new NotifierDescriptor
        {
            Name = "smtp",
            Description = "Sends a mail for each record.",
            Settings = SmtpSettings.Schema,
        },
        create: (ports, map) => new SmtpNotifier(SmtpSettings.Read(map).Settings, ports.Clock, ports.Log));
}
