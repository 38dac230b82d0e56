namespace Talon.KubeApi.Api;

/// <summary>Checks the query of a write: dryRun, fieldManager, fieldValidation, force.</summary>
internal static class WriteOptions
{
    private static readonly string[] Validations = ["", "Ignore", "Strict", "Warn"];

    /// <summary>The kind is CreateOptions, UpdateOptions or PatchOptions.</summary>
    public static ApiResponse? Check(RequestInfo request, string kind)
    {
        var faults = new FieldErrors();
        if (request.Has("force"))
            faults.Forbidden("force", "may not be specified for non-apply patch");
        if (request.Option("fieldManager").Length > 128)
            faults.TooLong("fieldManager", 128);
        if (request.Has("dryRun") && !request.IsDryRun)
            faults.NotSupported("dryRun", $"[{FieldErrors.Quote(request.Option("dryRun"))}]", ["All"]);
        if (!Validations.Contains(request.Option("fieldValidation"), StringComparer.Ordinal))
            faults.NotSupported("fieldValidation", FieldErrors.Quote(request.Option("fieldValidation")), Validations);
        return faults.Any ? Statuses.InvalidOptions(kind, faults) : null;
    }

    public static bool IsStrict(RequestInfo request) => request.Option("fieldValidation") == "Strict";

    /// <summary>The texts of the Warning headers for fields the server did not know or met twice.</summary>
    public static IEnumerable<string> Warnings(RequestInfo request, IEnumerable<string> duplicates, IEnumerable<string> unknown) =>
        request.Option("fieldValidation") == "Ignore" ? [] : Faults(duplicates, unknown);

    public static IEnumerable<string> Faults(IEnumerable<string> duplicates, IEnumerable<string> unknown) =>
        [.. duplicates.Select(d => $"duplicate field \"{d}\""), .. unknown.Select(u => $"unknown field \"{u}\"")];
}
