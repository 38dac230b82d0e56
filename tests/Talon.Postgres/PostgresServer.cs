using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Talon.Postgres;

/// <summary>
/// A real PostgreSQL server on 127.0.0.1 that a test may stop, kill, freeze and start again. Its data live in a temporary folder
/// that goes with this process.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The superuser.</summary>
    public const string User = "postgres";

    /// <summary>The superuser's password: a word that must never be seen in a log.</summary>
    public const string Password = "pg-secret-word";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServerFolder _folder;
    private readonly PostgresSettings _settings;
    private Process? _process;
    private int _databases;

    private PostgresServer(ServerFolder folder, PostgresSettings settings, int port)
    {
        _folder = folder;
        _settings = settings;
        Port = port;
    }

    /// <summary>The port; the same after a restart.</summary>
    public int Port { get; }

    /// <summary>The process id of the postmaster; null while the server is down.</summary>
    public int? Pid => _process is { HasExited: false } process ? process.Id : null;

    /// <summary>Makes a new server and starts it.</summary>
    /// <param name="settings">How; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">There is no PostgreSQL on this machine, or it does not start.</exception>
    public static async Task<PostgresServer> StartNewAsync(PostgresSettings? settings = null)
    {
        if (PostgresBinaries.WhyUnavailable is { } why)
        {
            throw new InvalidOperationException(why);
        }

        var server = new PostgresServer(ServerFolder.Make(), settings ?? new PostgresSettings(), FreePort());
        try
        {
            await server.InitialiseAsync();
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a client needs to reach a database of this server.</summary>
    /// <param name="database">The name of the database.</param>
    public string ConnectionString(string database = "postgres") =>
        $"Host=127.0.0.1;Port={Port};Username={User};Password={Password};Database={database}";

    /// <summary>Starts the server on its data, after <see cref="StopAsync"/> or <see cref="KillAsync"/>, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        if (Pid is not null)
        {
            return;
        }

        long started = Stopwatch.GetTimestamp();
        LaunchServer();
        while (!await AnswersAsync())
        {
            bool late = Stopwatch.GetElapsedTime(started) > Patience;
            if (_process!.HasExited && !late && LogTail().Contains("is still in use", StringComparison.Ordinal))
            {
                // A last process of the server that was killed has not noticed yet.
                LaunchServer();
            }
            else if (_process.HasExited || late)
            {
                throw new InvalidOperationException($"PostgreSQL does not start:\n{LogTail()}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Stops the server in an orderly way; its connections are cut.</summary>
    public async Task StopAsync()
    {
        if (Pid is { } pid)
        {
            Signals.Send(pid, Signals.Interrupt);
            await EndedAsync();
        }
    }

    /// <summary>kill -9 of the server and all its processes: what was not written to the log is gone.</summary>
    public async Task KillAsync()
    {
        if (Pid is { } pid)
        {
            // The postmaster first: it would start a recovery when it sees a child crash.
            Signals.Send(pid, Signals.Stop);
            var children = Signals.ChildrenOf(pid);
            Signals.Send(pid, Signals.Kill);
            foreach (int child in children)
            {
                Signals.Send(child, Signals.Kill);
            }

            await EndedAsync();

            // A new server refuses the data as long as one of them is attached to the old shared memory.
            using var deadline = new CancellationTokenSource(Patience);
            while (!children.All(Signals.HasEnded))
            {
                await Task.Delay(10, deadline.Token);
            }
        }
    }

    /// <summary>Stops the server in an orderly way and starts it again.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Stops all processes of the server where they are: connections stay open and nobody answers.</summary>
    public void Freeze() => SendToAll(Signals.Stop);

    /// <summary>Lets a frozen server go on.</summary>
    public void Thaw() => SendToAll(Signals.Continue);

    /// <summary>Cuts all client connections to one database, or to all.</summary>
    /// <param name="database">The name of the database; null for all.</param>
    /// <returns>How many were cut.</returns>
    public async Task<int> CutConnectionsAsync(string? database = null)
    {
        await using var connection = await ConnectAsync("postgres");
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND (@database::text IS NULL OR datname = @database)
            """;
        command.Parameters.AddWithValue("database", NpgsqlTypes.NpgsqlDbType.Text, (object?)database ?? DBNull.Value);
        return Convert.ToInt32(await command.ExecuteScalarAsync());
    }

    /// <summary>Makes a database.</summary>
    /// <param name="template">The database it becomes a copy of; null for an empty one.</param>
    /// <returns>Its name.</returns>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        string name = $"t{Interlocked.Increment(ref _databases)}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {template ?? "template0"}");
        return name;
    }

    /// <summary>Runs statements on a connection of its own.</summary>
    /// <param name="database">The name of the database.</param>
    /// <param name="sql">The statements.</param>
    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = await ConnectAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks for one value on a connection of its own.</summary>
    /// <param name="database">The name of the database.</param>
    /// <param name="sql">The query.</param>
    public async Task<object?> ScalarAsync(string database, string sql)
    {
        await using var connection = await ConnectAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The last lines of the server's log, for the message of a failure.</summary>
    public string LogTail() => File.Exists(_folder.Log) ? string.Join('\n', File.ReadLines(_folder.Log).TakeLast(30)) : "";

    /// <summary>Ends the server and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _process = null;
        await _folder.DisposeAsync();
    }

    private async Task<NpgsqlConnection> ConnectAsync(string database)
    {
        var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false;Timeout=10");
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = await ConnectAsync("postgres");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private IEnumerable<string> Settings() =>
    [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        $"fsync={(_settings.Fsync ? "on" : "off")}",
        $"max_connections={_settings.MaxConnections}",
        "shared_buffers=64MB",
        "jit=off",
        "timezone=UTC",
        "lc_messages=C",
        .. _settings.More,
    ];

    private async Task InitialiseAsync()
    {
        string passwords = Path.Combine(_folder.Path, "password");
        await File.WriteAllTextAsync(passwords, Password);
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root; Debian's package makes a user for it.
            using var owner = Process.Start("/bin/chown", ["-R", $"{User}:{User}", _folder.Path]);
            await owner.WaitForExitAsync();
        }

        using var initdb = Launch(
            "initdb",
            ["-D", _folder.Data, "-U", User, "-A", "scram-sha-256", $"--pwfile={passwords}", "-E", "UTF8", "--locale=C", "--no-sync"]);
        await initdb.WaitForExitAsync();
        if (initdb.ExitCode != 0)
        {
            throw new InvalidOperationException($"initdb failed with {initdb.ExitCode}:\n{LogTail()}");
        }
    }

    private void LaunchServer()
    {
        _process?.Dispose();
        _process = Launch(
            "postgres",
            [
                "-D", _folder.Data, "-p", Port.ToString(),
                .. Settings().SelectMany(setting => new[] { "-c", setting }),
            ]);
    }

    // exec all the way: the process id is that of the program itself.
    private Process Launch(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = _folder.Path };
        string[] user = Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups"] : [];
        foreach (string argument in (string[])
            [
                "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", _folder.Log, .. user, Path.Combine(PostgresBinaries.Folder!, program), .. arguments,
            ])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private async Task EndedAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _process!.WaitForExitAsync(deadline.Token);
    }

    private void SendToAll(int signal)
    {
        if (Pid is { } pid)
        {
            Signals.Send(pid, signal);
            foreach (int child in Signals.ChildrenOf(pid))
            {
                Signals.Send(child, signal);
            }
        }
    }

    // Below the range from which the system takes the ports of outgoing connections: while the server is down nobody gets its port.
    private static int FreePort()
    {
        while (true)
        {
            int port = RandomNumberGenerator.GetInt32(20_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }
    }
}
