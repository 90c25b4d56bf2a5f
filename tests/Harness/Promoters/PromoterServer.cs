using System.Globalization;
using Npgsql;
using PgAutoFailover.Harness.Networks;
using PgAutoFailover.Harness.Processes;
using PgAutoFailover.Harness.Waiting;

namespace PgAutoFailover.Harness.Promoters;

/// <summary>One PostgreSQL with <c>pg_promoter</c> in its <c>shared_preload_libraries</c>.</summary>
public sealed class PromoterServer
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly string _sockets;
    private int _reloads;

    internal PromoterServer(string name, string root, TestHost host, int port)
    {
        (Name, Host, Port, _sockets) = (name, host, port, root);
        DataDirectory = Path.Combine(root, name);
        LogFile = Path.Combine(root, name + ".log");
    }

    public string Name { get; }

    public TestHost Host { get; }

    public int Port { get; }

    public string DataDirectory { get; }

    public string LogFile { get; }

    /// <summary>By which others reach it.</summary>
    public string Conninfo => string.Create(CultureInfo.InvariantCulture, $"host={Host.Address} port={Port} user=postgres dbname=postgres");

    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    public int PostmasterPid => int.Parse(File.ReadLines(Path.Combine(DataDirectory, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>Every process that has to do with this server: its own, and those that bear its data directory's name in their command line.</summary>
    public IReadOnlyList<int> Processes =>
        [.. Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out int pid) ? pid : 0)
            .Where(pid => pid > 0 && pid != Environment.ProcessId && ProcessTable.IsAlive(pid)
                && (ProcessTable.WorkingDirectory(pid) == DataDirectory || CommandLine(pid).Contains(DataDirectory, StringComparison.Ordinal)))];

    public static string CommandLine(int pid) => Read($"/proc/{pid}/cmdline");

    public static string Environ(int pid) => Read($"/proc/{pid}/environ");

    public static void Signal(int pid, int signal) => Native.Signal(pid, signal);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        RemoveLocksOfTheDead();
        (await RunAsync("pg_ctl", cancellationToken, "-D", DataDirectory, "-l", LogFile, "-w", "-t", "60", "start")).Succeeded();
    }

    public async Task StopAsync(string mode, CancellationToken cancellationToken)
    {
        (await RunAsync("pg_ctl", cancellationToken, "-D", DataDirectory, "-m", mode, "-w", "-t", "60", "stop")).Succeeded();
    }

    /// <summary>Returns when the postmaster runs, whatever it does then.</summary>
    public async Task StartWithoutWaitingAsync(CancellationToken cancellationToken) =>
        (await RunAsync("pg_ctl", cancellationToken, "-D", DataDirectory, "-l", LogFile, "-W", "start")).Succeeded();

    /// <summary>Settings for the next start.</summary>
    public void SetForNextStart(params (string Name, string Value)[] settings) => Append(settings);

    /// <summary>SIGKILL to the postmaster, and nobody else. Returns when it was sent.</summary>
    public TimeSpan KillPostmaster()
    {
        int pid = PostmasterPid;
        TimeSpan at = Clock.Now;
        Native.Signal(pid, Native.SigKill);
        return at;
    }

    /// <summary>After a kill: waits until nothing of the server runs, and takes away what would make it look alive.</summary>
    public async Task BuryAsync(CancellationToken cancellationToken)
    {
        await Patience.UntilAsync($"nothing of {Name} runs", () => Processes.Count == 0, cancellationToken);
        RemoveLocksOfTheDead();
    }

    /// <summary>SIGSTOP, or SIGCONT, to all of the server's processes: a machine that hangs.</summary>
    public void SignalAll(int signal)
    {
        foreach (int pid in Processes)
        {
            Native.Signal(pid, signal);
        }
    }

    public Task<CommandResult> RunAsync(string program, CancellationToken cancellationToken, params string[] arguments) =>
        Command.RunAsync([.. Host.Prefix, PromoterBinaries.Program(program), .. arguments], null, _sockets, Patience.Command, cancellationToken);

    public async Task<string> QueryAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync(cancellationToken))?.ToString() ?? "";
    }

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken, string user = "postgres")
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = _sockets,
            Port = Port,
            Username = user,
            Database = "postgres",
            Pooling = false,
            Timeout = 5,
            CommandTimeout = 10,
        }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public async Task<PromoterStatus> StatusAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(PromoterStatus.Query, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new PromoterStatus(
            row.GetBoolean(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetString(4), row.GetInt64(5), row.GetBoolean(6),
            row.GetInt32(7), row.GetString(8), row.GetInt64(9), row.GetString(10), row.GetString(11));
    }

    /// <summary>Changes settings in one reload, as an operator does in postgresql.conf; the last of a name counts.</summary>
    public async Task SetAsync(CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        Append([.. settings, ("application_name", $"reload {++_reloads}")]);
        Native.Signal(PostmasterPid, Native.SigHup);

        // The setting beside them shows that the file was read; the worker reads it on the same signal.
        await UntilAsync("the settings are read", async () => await QueryAsync("select reset_val from pg_settings where name = 'application_name'", cancellationToken) == $"reload {_reloads}", cancellationToken);
    }

    public Task UntilAsync(string what, Func<PromoterStatus, bool> condition, CancellationToken cancellationToken) =>
        UntilAsync(what, async () => condition(await StatusAsync(cancellationToken)), cancellationToken);

    /// <summary>Waits for a condition; a server that cannot be asked at this moment does not fulfil it.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        TimeSpan started = Clock.Now;
        while (!await HoldsAsync(condition))
        {
            if (Clock.Now - started > Patience.Default)
            {
                throw new TimeoutException($"not within {Patience.Default.TotalSeconds:0} s: {what} ({Name})\n{Log}");
            }

            await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
        }
    }

    internal void Append(params (string Name, string Value)[] settings) =>
        File.AppendAllLines(
            Path.Combine(DataDirectory, "postgresql.auto.conf"),
            settings.Select(s => $"{s.Name} = '{s.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'"));

    // A killed postmaster is a zombie for as long as nobody reaps it, in a container for ever, and its successor takes that for another server.
    private void RemoveLocksOfTheDead()
    {
        if (Processes.Count == 0)
        {
            File.Delete(Path.Combine(DataDirectory, "postmaster.pid"));
            File.Delete(Path.Combine(_sockets, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{Port}.lock")));
        }
    }

    private static async Task<bool> HoldsAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
        {
            return false;
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
