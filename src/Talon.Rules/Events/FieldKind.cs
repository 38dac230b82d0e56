namespace Talon.Rules.Events;

/// <summary>The JSON type of an output field.</summary>
public enum FieldKind
{
    /// <summary>JSON <c>null</c>: says nothing, as a missing field does.</summary>
    Null = 0,

    /// <summary>A string.</summary>
    Text = 1,

    /// <summary>A number; its literal text is kept.</summary>
    Number = 2,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag = 3,

    /// <summary>An object or an array, kept as JSON.</summary>
    Json = 4,
}
