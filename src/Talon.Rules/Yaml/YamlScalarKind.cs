namespace Talon.Rules.Yaml;

/// <summary>What a scalar means by YAML's core schema. Only plain (unquoted) scalars are anything but text.</summary>
public enum YamlScalarKind
{
    /// <summary>Text.</summary>
    Text = 0,

    /// <summary>Nothing: empty, <c>~</c> or <c>null</c>.</summary>
    Null = 1,

    /// <summary><c>true</c> or <c>false</c>; <c>yes</c>, <c>on</c> and their like are text.</summary>
    Flag = 2,

    /// <summary>A whole number of 64 bits, also hexadecimal (<c>0x</c>) and octal (<c>0o</c>).</summary>
    Whole = 3,

    /// <summary>Any other number.</summary>
    Real = 4,
}
