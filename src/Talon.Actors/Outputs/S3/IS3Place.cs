namespace Talon.Actors.Outputs.S3;

/// <summary>One bucket of a service that speaks S3: how it is reached, and how the service differs from others.</summary>
internal interface IS3Place
{
    /// <summary>The service, for messages: <c>AWS S3</c>. From outside.</summary>
    string Service { get; }

    /// <summary>The name of the bucket.</summary>
    string Bucket { get; }

    /// <summary>What stands before the keys, for the outcome; empty for nothing.</summary>
    string Prefix { get; }

    /// <summary>The region of the bucket; null when it follows from the credentials.</summary>
    string? Region { get; }

    /// <summary>What is asked for with each object.</summary>
    S3ObjectOptions Options { get; }

    /// <summary>Whether it is one service with many regions. Otherwise the region is only a word in the signature, and the one that the server names is taken.</summary>
    bool HasRegions { get; }

    /// <summary>Whether a check asks for the bucket.</summary>
    bool ChecksBucket { get; }

    /// <summary>Whether an object in one request carries its SHA-256 for the store to compare.</summary>
    bool TakesChecksum { get; }

    /// <summary>Makes a client.</summary>
    /// <param name="region">The region that requests are signed for; null for that of the credentials.</param>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    Task<S3Connection> ConnectAsync(string? region, CancellationToken cancellationToken);
}
