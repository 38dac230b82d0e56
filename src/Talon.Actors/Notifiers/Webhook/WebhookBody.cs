namespace Talon.Actors.Notifiers.Webhook;

/// <summary>What a webhook sends.</summary>
internal enum WebhookBody
{
    /// <summary>The record as JSON.</summary>
    Record,

    /// <summary>An event of CloudEvents 1.0 whose data is the record, all of it in the body.</summary>
    CloudEventStructured,

    /// <summary>The same with the attributes of the event in headers and the record alone in the body.</summary>
    CloudEventBinary,

    /// <summary>What a template of the configuration makes of the record.</summary>
    Template,
}
