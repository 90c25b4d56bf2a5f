using System.Diagnostics;
using Npgsql;
using PgAutoFailover.Monitor.Tests.Server;
using Xunit;

[assembly: AssemblyFixture(typeof(ThrowawayPostgres))]

namespace PgAutoFailover.Monitor.Tests.Server;

/// <summary>A PostgreSQL for all tests of this project: in a directory of its own, on a unix socket only, gone at the end.</summary>
public sealed class ThrowawayPostgres : IAsyncLifetime
{
    private const int Port = 5432; // names the socket only; nothing listens on the network

    private int _lastDatabase;

    /// <summary>For sockets and whatever else a test leaves behind.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("pgaf-monitor-").FullName;

    private string Data => Path.Combine(Root, "data");

    public async ValueTask InitializeAsync()
    {
        await RunAsync("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await StartAsync();
    }

    public Task StartAsync() => RunAsync(
        "pg_ctl", "-s", "-D", Data, "-l", Path.Combine(Root, "log"), "-w", "start",
        "-o", $"-c listen_addresses='' -c unix_socket_directories='{Root}' -c port={Port} -c fsync=off -c max_connections=100");

    public Task StopAsync(string mode) => RunAsync("pg_ctl", "-s", "-D", Data, "-w", "-m", mode, "stop");

    /// <summary>An empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"monitor_{Interlocked.Increment(ref _lastDatabase)}";
        await using var connection = await ConnectAsync("postgres");
        await connection.ExecuteAsync($"create database {name}");
        return name;
    }

    public string ConnectionString(string database, string user = "postgres", string applicationName = "tests") =>
        $"Host={Root};Port={Port};Database={database};Username={user};Application Name={applicationName};Pooling=false;Include Error Detail=true";

    public async Task<NpgsqlConnection> ConnectAsync(string database, string user = "postgres", string applicationName = "tests")
    {
        var connection = new NpgsqlConnection(ConnectionString(database, user, applicationName));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync("immediate");
        Directory.Delete(Root, recursive: true);
    }

    private static string Program(string name) =>
        Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(d => Path.Combine(d, "bin", name)).LastOrDefault(File.Exists) ?? name;

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Output is not read: the postmaster inherits it and would keep a pipe open.
        var start = new ProcessStartInfo(Program(program), arguments) { RedirectStandardOutput = program == "initdb", WorkingDirectory = "/" };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var output = program == "initdb" ? await process.StandardOutput.ReadToEndAsync(CancellationToken.None) : "";
        await process.WaitForExitAsync(CancellationToken.None);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}\n{output}");
        }
    }
}
