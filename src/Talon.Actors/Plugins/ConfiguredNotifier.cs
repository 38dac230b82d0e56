namespace Talon.Actors.Plugins;

/// <summary>A notifier with what it hears of.</summary>
public sealed record ConfiguredNotifier(INotifier Notifier, DeliverySettings Delivery);
