namespace Talon.Testing.Tools;

/// <summary>A server that stands for a real one, as <c>tests/tools.sh</c> fetches it.</summary>
public enum TestTool
{
    /// <summary>A server of the S3 API that checks no signatures.</summary>
    Fauxqs,

    /// <summary>S3, STS, IAM and Lambda of AWS; checks signatures when it is told to.</summary>
    Moto,

    /// <summary>Runs a JavaScript function as Google Cloud does.</summary>
    FunctionsFramework,

    /// <summary>A mail server with STARTTLS and AUTH.</summary>
    SmtpServer,
}
