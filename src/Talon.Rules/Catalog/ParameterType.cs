namespace Talon.Rules.Catalog;

/// <summary>What a parameter may hold. Nothing is converted: a number where a text is due is an error that says so.</summary>
public enum ParameterType
{
    /// <summary>A text.</summary>
    Text = 0,

    /// <summary>A whole number of 64 bits.</summary>
    Whole = 1,

    /// <summary><c>true</c> or <c>false</c>, not quoted.</summary>
    Flag = 2,

    /// <summary>A list of texts.</summary>
    TextList = 3,

    /// <summary>A map of texts; an entry may lack its value.</summary>
    TextMap = 4,
}
