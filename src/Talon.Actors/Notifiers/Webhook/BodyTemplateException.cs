namespace Talon.Actors.Notifiers.Webhook;

/// <summary>A template made nothing that can be sent of a record. The message says why, without a text of the record.</summary>
internal sealed class BodyTemplateException : Exception
{
    /// <summary>Makes one.</summary>
    public BodyTemplateException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
