using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Cli.Configuration;

/// <summary>
/// The configuration of one data directory, of a keeper or of a monitor. Immutable: a change is a new one, written whole.
/// </summary>
internal sealed class NodeConfig
{
    /// <summary>Default of <c>pgautofailover.primary_demote_timeout</c>, which is the monitor's.</summary>
    private const int DefaultDemoteSeconds = 30;

    // Contact is renewed about once a second: with less than this a passing delay, or none at all, would stop a healthy primary.
    private const int LeastPartitionSeconds = 5;

    private readonly ImmutableDictionary<string, string> _values;

    private NodeConfig(string role, ImmutableDictionary<string, string> values)
    {
        _values = values.SetItem(ConfigKeys.Role.Path, role);
        Keys = role == ConfigKeys.MonitorRole ? ConfigKeys.OfMonitor : ConfigKeys.OfKeeper;
    }

    public IReadOnlyList<ConfigKey> Keys { get; }

    public bool IsMonitor => Keys == ConfigKeys.OfMonitor;

    public string PgData => this[ConfigKeys.PgData] ?? "";

    /// <summary>URI of the monitor; null for a node whose monitor is disabled, and for a monitor.</summary>
    public string? MonitorUri => this[ConfigKeys.Monitor] is { } uri && uri != ConfigKeys.MonitorDisabled ? Monitors.MonitorUri.OfText(uri) : null;

    /// <summary>The value, else the default; null where there is neither.</summary>
    public string? this[ConfigKey key] => _values.GetValueOrDefault(key.Path) ?? Known(key)?.Default;

    /// <summary>Whether there is a value that is not the default.</summary>
    public bool IsSet(ConfigKey key) => _values.ContainsKey(key.Path);

    public int Number(ConfigKey key) => int.Parse(this[key] ?? "0", CultureInfo.InvariantCulture);

    public TimeSpan Seconds(ConfigKey key) => TimeSpan.FromSeconds(Number(key));

    public static NodeConfig New(string role) => new(role, ImmutableDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>The configuration with one value changed; null takes it out.</summary>
    public NodeConfig With(ConfigKey key, string? value) => new(
        _values[ConfigKeys.Role.Path],
        string.IsNullOrEmpty(value) ? _values.Remove(key.Path) : _values.SetItem(key.Path, value));

    public NodeConfig With(ConfigKey key, int value) => With(key, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The setting that the command line calls <c>section.key</c>, null where this role has none of that name.</summary>
    public ConfigKey? Find(string path) => Keys.FirstOrDefault(k => k.Path == path);

    private bool HoldsSecret => this[ConfigKeys.ReplicationPassword] is not null || (MonitorUri is { } uri && ConnectionUri.Parse(uri).Password is not null);

    /// <summary>Every value as understood, defaults included, in the file's order.</summary>
    public IEnumerable<(ConfigKey Key, string Value)> Entries() =>
        Keys.Select(k => (k, this[k] ?? "")).Where(e => e.Item2.Length > 0);

    public string ToIni() => IniDocument.Format(Entries().Select(e => (e.Key.Section, e.Key.Name, e.Value)));

    /// <summary>Replaces the file. One that holds a password is for its owner's eyes only.</summary>
    public void Write(string path) => AtomicFile.Write(path, ToIni(), HoldsSecret ? AtomicFile.OwnerOnly : AtomicFile.Readable);

    /// <summary>Everything that is wrong with the values, a sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var key in Keys)
        {
            if (this[key] is not { } value)
            {
                if (key.Required)
                {
                    yield return $"{key.Path} is missing";
                }
            }
            else if (key.Problem(value) is { } problem)
            {
                yield return problem;
            }
        }

        if (this[ConfigKeys.SslMode] is "verify-ca" or "verify-full" && this[ConfigKeys.CaFile] is null)
        {
            yield return $"{ConfigKeys.SslMode.Path} is \"{this[ConfigKeys.SslMode]}\", which needs {ConfigKeys.CaFile.Path}";
        }

        // PostgreSQL would refuse all of pg_hba.conf, and then not start.
        if (Number(ConfigKeys.SslActive) == 0 && this[ConfigKeys.AuthMethod]?.Split(' ')[0] == "cert")
        {
            yield return $"{ConfigKeys.AuthMethod.Path} is \"{this[ConfigKeys.AuthMethod]}\", which needs encryption: clients show their certificates in it";
        }
    }

    /// <summary><c>timeout.network_partition_timeout</c>; less than what is sensible counts as that, as a file of 2.0 may have it, and the node that it is of must start.</summary>
    public TimeSpan NetworkPartitionTimeout => TimeSpan.FromSeconds(Math.Max(LeastPartitionSeconds, Number(ConfigKeys.NetworkPartitionTimeout)));

    /// <summary>Warns of what is not wrong by itself, but does not mean what it says, or takes something away that one relies on.</summary>
    public void WarnOfRisks(ILogger log)
    {
        if (Number(ConfigKeys.NetworkPartitionTimeout) < LeastPartitionSeconds)
        {
            log.ConfigRemark($"{ConfigKeys.NetworkPartitionTimeout.Path} is {Number(ConfigKeys.NetworkPartitionTimeout)} s, and counts as {LeastPartitionSeconds} s: "
                + "with less a passing delay would stop a healthy primary");
        }

        if (Number(ConfigKeys.NetworkPartitionTimeout) >= DefaultDemoteSeconds)
        {
            log.ConfigRemark($"{ConfigKeys.NetworkPartitionTimeout.Path} is {Number(ConfigKeys.NetworkPartitionTimeout)} s, and the monitor's pgautofailover.primary_demote_timeout, "
                + $"{DefaultDemoteSeconds} s where nobody has changed it, must be longer: when a primary with a standby outside the quorum is lost, "
                + "the monitor takes it for stopped after that time, and a primary that is cut off would still take writes");
        }
    }

    /// <summary>Reads a file. Everything that is wrong with it is reported at once.</summary>
    /// <exception cref="CommandFailure">It cannot be read or makes no sense; nothing was changed.</exception>
    public static NodeConfig Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.BadConfiguration, $"Failed to read configuration file \"{path}\": {exception.Message}", inner: exception);
        }

        var problems = new List<string>();
        var config = Parse(text, problems);
        return problems.Count == 0 && config is not null
            ? config
            : throw new CommandFailure(
                ExitCode.BadConfiguration,
                $"Configuration file \"{path}\" cannot be used:\n{string.Join('\n', problems.Select(p => $"  {p}"))}",
                "Correct the file with an editor, or restore it from a backup; nothing was changed");
    }

    /// <summary>Reads the text of a file; null where it does not even say whose configuration it is.</summary>
    public static NodeConfig? Parse(string text, List<string> problems)
    {
        var values = IniDocument.Parse(text, problems);

        // The old name of hostname, read and never written.
        if (values.Remove("pg_autoctl.nodename", out var nodeName))
        {
            values.TryAdd(ConfigKeys.HostName.Path, nodeName);
        }

        if (values.GetValueOrDefault(ConfigKeys.Role.Path) is not (ConfigKeys.MonitorRole or ConfigKeys.KeeperRole))
        {
            problems.Add($"{ConfigKeys.Role.Path} is missing or is neither \"{ConfigKeys.MonitorRole}\" nor \"{ConfigKeys.KeeperRole}\"");
            return null;
        }

        var given = values.Where(v => v.Value.Length > 0).ToImmutableDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
        var config = new NodeConfig(values[ConfigKeys.Role.Path], given);
        problems.AddRange(values.Keys.Where(k => config.Find(k) is null).Select(k => $"{k} is not a setting of a {values[ConfigKeys.Role.Path]}"));
        problems.AddRange(config.Problems());
        return config;
    }

    private ConfigKey? Known(ConfigKey key) => Find(key.Path);
}
