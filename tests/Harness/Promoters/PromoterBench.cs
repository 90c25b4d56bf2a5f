using PgAutoFailover.Harness.Networks;
using PgAutoFailover.Harness.Processes;
using PgAutoFailover.Harness.Waiting;

namespace PgAutoFailover.Harness.Promoters;

/// <summary>A directory with servers in it, which are gone when it is disposed.</summary>
public sealed class PromoterBench : IAsyncDisposable
{
    private static readonly Task<string> s_template = MakeTemplateAsync();

    private readonly List<PromoterServer> _servers = [];
    private readonly string _root;

    private PromoterBench(string root) => _root = root;

    private static TestHost Local { get; } = new("local", "127.0.0.1", Namespace: null);

    public static async Task<PromoterBench> CreateAsync(CancellationToken cancellationToken) => new(await MakeDirectoryAsync(cancellationToken));

    /// <summary>What explains a failure.</summary>
    public string Describe() => string.Join('\n', _servers.Select(s => $"--- {s.Name}\n{s.Log}"));

    /// <summary>A server that takes writes.</summary>
    /// <param name="name">Of the server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="host">Where it runs; null: here.</param>
    /// <param name="ofItsOwn">A cluster with a system identifier of its own, which copies of one initdb do not have.</param>
    public async Task<PromoterServer> AddPrimaryAsync(string name, CancellationToken cancellationToken, TestHost? host = null, bool ofItsOwn = false)
    {
        PromoterServer server = Add(name, host);
        await ExecuteAsync(cancellationToken, "cp", "-a", ofItsOwn ? await MakeTemplateAsync() : await s_template, server.DataDirectory);
        server.Append(Settings(server));
        await server.StartAsync(cancellationToken);
        await server.QueryAsync("create extension pg_promoter", cancellationToken);
        return server;
    }

    /// <summary>A standby of it, not started yet.</summary>
    public async Task<PromoterServer> PrepareStandbyAsync(
        string name, PromoterServer primary, CancellationToken cancellationToken, TestHost? host = null)
    {
        PromoterServer server = Add(name, host);
        (await server.RunAsync("pg_basebackup", cancellationToken, "-D", server.DataDirectory, "-R", "-c", "fast", "-d", primary.Conninfo)).Succeeded();
        server.Append(Settings(server));
        return server;
    }

    /// <summary>A primary, and a standby that streams from it and whose promoter is in contact with it.</summary>
    public async Task<(PromoterServer Primary, PromoterServer Standby)> PairAsync(
        CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        PromoterServer primary = await AddPrimaryAsync("primary", cancellationToken);
        PromoterServer standby = await PrepareStandbyAsync("standby", primary, cancellationToken);
        standby.Append(settings);
        await standby.StartAsync(cancellationToken);
        await standby.UntilAsync("it is in contact with the primary", s => s.HasContact, cancellationToken);
        return (primary, standby);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PromoterServer server in _servers)
        {
            server.SignalAll(Native.SigKill);
        }

        await Patience.UntilAsync("all servers have ended", () => _servers.TrueForAll(s => s.Processes.Count == 0), CancellationToken.None);
        Directory.Delete(_root, recursive: true);
    }

    private static (string Name, string Value)[] Settings(PromoterServer server) =>
    [
        ("port", server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("listen_addresses", server.Host.Address),
        ("unix_socket_directories", Path.GetDirectoryName(server.DataDirectory) ?? ""),
        ("shared_preload_libraries", "pg_promoter"),
        ("fsync", "off"),
        ("wal_log_hints", "on"),
        ("shared_buffers", "16MB"),
        ("wal_keep_size", "64MB"),
        ("log_line_prefix", "%m [%p] %b "),
        ("pg_promoter.keep_alive", "300ms"),
    ];

    private PromoterServer Add(string name, TestHost? host)
    {
        var server = new PromoterServer(name, _root, host ?? Local, FreePorts.Take(1)[0]);
        _servers.Add(server);
        return server;
    }

    private static async Task<string> MakeTemplateAsync()
    {
        string root = await MakeDirectoryAsync(CancellationToken.None), data = Path.Combine(root, "data");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        await ExecuteAsync(CancellationToken.None, PromoterBinaries.Program("initdb"), "-D", data, "-A", "trust", "-N", "-U", "postgres");
        await File.AppendAllLinesAsync(Path.Combine(data, "pg_hba.conf"), ["host all all 10.0.0.0/8 trust", "host replication all 10.0.0.0/8 trust"]);
        return data;
    }

    private static async Task<string> MakeDirectoryAsync(CancellationToken cancellationToken)
    {
        string root = Directory.CreateTempSubdirectory("pgpr-").FullName;
        await Clusters.ClusterDirectory.GiveToOwnerAsync(root, cancellationToken);
        return root;
    }

    private static async Task ExecuteAsync(CancellationToken cancellationToken, params string[] command) =>
        (await Command.RunAsync([.. Account.Prefix, .. command], null, "/", Patience.Command, cancellationToken)).Succeeded();
}
