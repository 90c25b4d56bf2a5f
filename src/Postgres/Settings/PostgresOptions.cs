namespace PgAutoFailover.Postgres.Settings;

/// <summary>Everything that says how one local PostgreSQL is set up; from the configuration file and the environment.</summary>
public sealed record PostgresOptions
{
    /// <summary>Data directory, an absolute path.</summary>
    public required string PgData { get; init; }

    /// <summary>Absolute path of <c>pg_ctl</c>; the other programs are taken from the same directory.</summary>
    public required string PgCtl { get; init; }

    public int Port { get; init; } = 5432;

    public string ListenAddresses { get; init; } = "*";

    /// <summary>Directory of the Unix socket; null for the server's own default, empty for no Unix socket at all.</summary>
    public string? SocketDirectory { get; init; }

    /// <summary>Superuser role to create on a data node; null for none beyond the operating system user's.</summary>
    public string? UserName { get; init; }

    /// <summary>Database to create on a data node.</summary>
    public string DbName { get; init; } = "postgres";

    /// <summary>Host name or address under which other nodes reach this one.</summary>
    public string HostName { get; init; } = "localhost";

    /// <summary>Method written into <c>pg_hba.conf</c>.</summary>
    public string AuthMethod { get; init; } = "trust";

    public HbaLevel HbaLevel { get; init; } = HbaLevel.Minimal;

    public SslOptions Ssl { get; init; } = new();

    /// <summary>Password of role <c>pgautofailover_replicator</c>.</summary>
    public string? ReplicationPassword { get; init; }

    /// <summary>As of <c>pg_basebackup --max-rate</c>.</summary>
    public string MaximumBackupRate { get; init; } = "100M";

    /// <summary>Where a base backup is made before it replaces the data directory; null to make it in the data directory itself, without a second copy of the data.</summary>
    public string? BackupDirectory { get; init; }

    /// <summary>Where notes of unfinished work (initdb, base backup, rewind) are kept; null for the parent of the data directory.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>How long in-place restarts are tried; default 20 s.</summary>
    public TimeSpan RestartFailureTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How many in-place restarts are tried; default 3.</summary>
    public int RestartFailureMaxRetries { get; init; } = 3;

    /// <summary>The monitor's own PostgreSQL, not a data node's.</summary>
    public bool IsMonitor { get; init; }

    /// <summary>pg_autoctl has not set this cluster up: it includes none of our settings files, and keeps those it has.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Small built-in memory settings, for many test nodes on one machine.</summary>
    public bool SmallMemory { get; init; }

    /// <summary>Directory of the server's programs.</summary>
    public string BinDirectory => Path.GetDirectoryName(PgCtl) ?? "";

    /// <summary>Absolute path of one of the server's programs.</summary>
    public string Program(string name) => Path.Combine(BinDirectory, name);
}

/// <summary>Which rules are written into <c>pg_hba.conf</c>.</summary>
public enum HbaLevel
{
    /// <summary>None: each rule that is needed is logged instead.</summary>
    Skip,

    /// <summary>What the nodes and the monitor need.</summary>
    Minimal,

    /// <summary>Also applications in the local network.</summary>
    App,
}

/// <summary>TLS settings of the server and of its connections to other nodes.</summary>
public sealed record SslOptions
{
    public bool Active { get; init; }

    /// <summary>libpq's <c>sslmode</c> for connections to other nodes.</summary>
    public string Mode { get; init; } = "prefer";

    public string? CaFile { get; init; }

    public string? CrlFile { get; init; }

    public string? CertFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>Certificate and key are made here, in the data directory.</summary>
    public bool SelfSigned { get; init; }

    /// <summary>Whether the certificates of servers are looked at.</summary>
    public bool Verifies => Mode is "verify-ca" or "verify-full";

    /// <summary>libpq's parameters for connections to other nodes.</summary>
    public IEnumerable<KeyValuePair<string, string>> ClientParameters
    {
        get
        {
            yield return new("sslmode", Mode);
            foreach (var (name, file) in Verifies ? [("sslrootcert", CaFile), ("sslcrl", CrlFile)] : Array.Empty<(string, string?)>())
            {
                if (!string.IsNullOrEmpty(file))
                {
                    yield return new(name, file);
                }
            }
        }
    }
}
