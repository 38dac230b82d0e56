using System.Text.Json.Nodes;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>Compares JSON by what it means.</summary>
internal static class JsonAssert
{
    public static void Equal(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());

    /// <summary>Compares objects; the named members are those that the server fills in, with whatever value.</summary>
    public static void EqualBut(string[] defaulted, string expected, JsonNode? actual)
    {
        var copy = (JsonObject)actual!.DeepClone();
        foreach (string name in defaulted)
        {
            copy.Remove(name);
        }

        Equal(expected, copy);
    }
}
