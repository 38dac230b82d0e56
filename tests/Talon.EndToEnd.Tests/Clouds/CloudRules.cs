using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Clouds;

/// <summary>The rules of <see cref="CloudRig"/>: one for each Falco rule, which carries the name of what it tries.</summary>
internal static class CloudRules
{
    /// <summary>The Falco rule of an actionner or output.</summary>
    /// <param name="variant"><c>impatient</c>: a timeout of a few seconds; <c>absent</c>: what it names does not exist.</param>
    public static string RuleOf(string name, string variant = "") => $"{name.Replace(':', ' ')} {variant}".Trim();

    public static string All(Uri store) => string.Concat(
        Lambda("", "responder"), Lambda("impatient", "responder", "  timeout: 6s\n"), Lambda("absent", "absent"),
        Function("", "responder"), Function("impatient", "responder", "  timeout: 6s\n"), Function("absent", "missing"),
        Output("aws:s3", store), Output("minio:s3", store), Output("gcp:gcs", store));

    private static string Lambda(string variant, string function, string action = "") =>
        SpecRules.Of(RuleOf("aws:lambda", variant), "aws:lambda", $"    aws_lambda_name: {function}\n", action);

    private static string Function(string variant, string function, string action = "") =>
        SpecRules.Of(RuleOf("gcp:function", variant), "gcp:function", $"    gcp_function_name: {function}\n", action);

    private static string Output(string target, Uri store) => string.Concat(
        SpecRules.Of(RuleOf(target), "kubernetes:log", "", Stored(target, store, "evidence")),
        SpecRules.Of(RuleOf(target, "impatient"), "kubernetes:log", "", $"  timeout: 4s\n{Stored(target, store, "evidence")}"),
        SpecRules.Of(RuleOf(target, "absent"), "kubernetes:log", "", Stored(target, store, "absent")));

    private static string Stored(string target, Uri store, string bucket) =>
        $"  output:\n    target: {target}\n    parameters:\n      bucket: {bucket}\n      prefix: talon\n{(target == "aws:s3" ? $"      endpoint: {store}\n" : "")}";
}
