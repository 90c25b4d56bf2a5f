using System.Net;
using System.Net.Sockets;
using Npgsql;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Postgres.Postmasters;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Tests.Instances;

/// <summary>A PostgreSQL in a directory of its own, on a port of its own, that is gone after the test.</summary>
internal sealed class TestInstance : IAsyncDisposable
{
    private readonly CollectedLog _log = new();

    private TestInstance(string root, long nodeId, Func<PostgresOptions, PostgresOptions>? adjust)
    {
        NodeId = nodeId;
        var options = new PostgresOptions
        {
            PgData = Path.Combine(root, $"node{nodeId}"),
            PgCtl = InstalledServer.PgCtl,
            Port = FreePort(),
            ListenAddresses = "127.0.0.1",
            HostName = "127.0.0.1",
            SocketDirectory = root,
            BackupDirectory = Path.Combine(root, "backup", $"node_{nodeId}"),
            SmallMemory = true,
        };
        Options = adjust?.Invoke(options) ?? options;
        Server = NewServer();
    }

    public long NodeId { get; }

    public PostgresOptions Options { get; }

    public LocalPostgresServer Server { get; private set; }

    public string Log => _log.ToString();

    public NodeAddress Address => new(NodeId, $"node{NodeId}", Options.HostName, Options.Port, default, IsPrimary: false);

    public int PostmasterPid => PostmasterPidFile.Read(Options.PgData)?.Pid ?? 0;

    public static TestInstance Create(string root, long nodeId, Func<PostgresOptions, PostgresOptions>? adjust = null) => new(root, nodeId, adjust);

    /// <summary>A running primary with the roles of a data node, which lets the other instances in.</summary>
    public static async Task<TestInstance> PrimaryAsync(
        string root, long nodeId, CancellationToken cancellationToken, Func<PostgresOptions, PostgresOptions>? adjust = null)
    {
        var instance = Create(root, nodeId, adjust);
        await ClusterTemplate.CopyAsync(instance.Options.PgData, cancellationToken);
        await instance.Server.WriteSettingsAsync(cancellationToken);
        await instance.Server.StartAsync(cancellationToken);
        await instance.Server.CreateRolesAsync(["127.0.0.1"], cancellationToken);
        return instance;
    }

    public Upstream UpstreamFor(TestInstance standby) => new(NodeId, $"node{NodeId}", Options.HostName, Options.Port, standby.NodeId);

    /// <summary>A standby that streams from this instance.</summary>
    public async Task<TestInstance> AddStandbyAsync(string root, long nodeId, CancellationToken cancellationToken)
    {
        var standby = Create(root, nodeId);
        await Server.EnsureHbaAsync(monitorHosts: [], [standby.Address], cancellationToken);
        await Server.EnsureSlotsAsync([standby.Address], cancellationToken);
        await standby.Server.BaseBackupAsync(UpstreamFor(standby), cancellationToken);
        await standby.FollowAsync(this, cancellationToken);
        return standby;
    }

    /// <summary>Writes standby settings and settings, starts, and waits until it streams.</summary>
    public async Task FollowAsync(TestInstance primary, CancellationToken cancellationToken)
    {
        await Server.WriteStandbySettingsAsync(primary.UpstreamFor(this), cancellationToken);
        await Server.WriteSettingsAsync(cancellationToken);
        await Server.StartAsync(cancellationToken);
        await Server.EnsureHbaAsync(monitorHosts: [], [primary.Address], cancellationToken);
        await WaitUntilAsync(o => o.WalReceiver is { Streaming: true }, cancellationToken);
    }

    public async Task<PostgresObservation> WaitUntilAsync(Func<PostgresObservation, bool> condition, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        PostgresObservation? seen = null;
        while (!limit.IsCancellationRequested)
        {
            seen = await Server.ObserveAsync(cancellationToken);
            if (condition(seen))
            {
                return seen;
            }

            await Task.Delay(10, cancellationToken);
        }

        throw new TimeoutException($"the last look was {seen}\n{Log}");
    }

    public async Task<string> QueryAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Server.LocalConnectionString("postgres"));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync(cancellationToken))?.ToString() ?? "";
    }

    /// <summary>PostgreSQL as after the loss of its host: its recovery is to come, and the number in its <c>postmaster.pid</c> is another process's now.</summary>
    public async Task LoseHostAsync(CancellationToken cancellationToken)
    {
        var file = PostmasterPidFile.PathIn(Options.PgData);
        var lines = await File.ReadAllLinesAsync(file, cancellationToken);
        await Server.StopAsync(StopMode.Immediate, cancellationToken);

        // A thread has a number as a process has. The runtime's first one lives as long as this process, whose own number PostgreSQL would make nothing of.
        lines[0] = Directory.EnumerateDirectories("/proc/self/task").Select(d => int.Parse(Path.GetFileName(d))).Order().ElementAt(1).ToString();
        await File.WriteAllLinesAsync(file, lines, cancellationToken);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Another life of the program: lets go of PostgreSQL and begins anew, as after a crash of pg_autoctl.</summary>
    public async Task BeginNewLifeAsync()
    {
        await Server.DisposeAsync();
        Server = NewServer();
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Options.PgData))
        {
            await Server.StopAsync(StopMode.Immediate, CancellationToken.None);
        }

        await Server.DisposeAsync();
    }

    private LocalPostgresServer NewServer() => new(Options, _log, TimeProvider.System);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
