using System.Text.Json.Nodes;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>Compares JSON by what it means.</summary>
internal static class JsonAssert
{
    public static void Equal(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
