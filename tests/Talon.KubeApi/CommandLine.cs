using System.Globalization;

namespace Talon.KubeApi;

/// <summary>The arguments of the program.</summary>
internal sealed record CommandLine(KubeApiOptions Options, string? Kubeconfig, string? Programs)
{
    public const string Usage = "usage: kubeapi [--port N] [--token T] [--grace-scale X] [--kubeconfig FILE] [--programs FOLDER]";

    /// <returns>Null and a fault when the arguments are wrong.</returns>
    public static CommandLine? Parse(IReadOnlyList<string> args, out string fault)
    {
        var options = new KubeApiOptions();
        string? kubeconfig = null;
        string? programs = null;
        fault = "";
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : null;
            switch (args[i])
            {
                case "--port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535:
                    options = options with { Port = port };
                    break;
                case "--token" when !string.IsNullOrEmpty(value):
                    options = options with { Token = value };
                    break;
                case "--grace-scale" when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var scale):
                    options = options with { GraceTimeScale = scale };
                    break;
                case "--kubeconfig" when !string.IsNullOrEmpty(value):
                    kubeconfig = value;
                    break;
                case "--programs" when Directory.Exists(value):
                    programs = value;
                    break;
                default:
                    fault = $"wrong argument {args[i]}; {Usage}";
                    return null;
            }
        }

        return new CommandLine(options, kubeconfig, programs);
    }
}
