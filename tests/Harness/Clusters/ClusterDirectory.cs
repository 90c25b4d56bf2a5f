using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.Harness.Clusters;

/// <summary>
/// The temporary directory that holds all of a cluster: data, configuration, sockets, logs; and the environment in which its commands
/// run, so that nothing of the caller's own set-up is read or written.
/// </summary>
public sealed class ClusterDirectory
{
    private ClusterDirectory(string root)
    {
        Root = root;
        Sockets = Under("s");
        Environment = MakeEnvironment();
    }

    public string Root { get; }

    /// <summary>Where the servers put their unix sockets; short, for a socket's path may have 107 bytes.</summary>
    public string Sockets { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public string Under(string name) => Path.Combine(Root, name);

    public static async Task<ClusterDirectory> CreateAsync(CancellationToken cancellationToken)
    {
        string root = Directory.CreateTempSubdirectory("pgaf-").FullName;
        var files = new ClusterDirectory(root);
        string[] directories = [files.Sockets, .. s_xdg.Select(x => files.Under(x.Directory)), files.Under("home")];
        foreach (string directory in directories)
        {
            Directory.CreateDirectory(directory);
        }

        // The root is made 0700 for us; the clusters' owner must be able to pass.
        File.SetUnixFileMode(
            root,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        if (Account.IsRoot)
        {
            await GiveToOwnerAsync(root, cancellationToken);
        }

        return files;
    }

    /// <summary>Makes a file or directory belong to the clusters' owner.</summary>
    public static async Task GiveToOwnerAsync(string path, CancellationToken cancellationToken)
    {
        if (Account.IsRoot)
        {
            CommandResult result = await Command.RunAsync(
                ["chown", "-R", Account.Name + ":" + Account.Name, path], null, null, TimeSpan.FromSeconds(30), cancellationToken);
            result.Succeeded();
        }
    }

    public void Delete() => Directory.Delete(Root, recursive: true);

    private static readonly (string Variable, string Directory)[] s_xdg =
    [
        ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "share"), ("XDG_RUNTIME_DIR", "run"),
    ];

    private Dictionary<string, string> MakeEnvironment()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = Under("home"),
            ["USER"] = Account.Name,
            ["LOGNAME"] = Account.Name,
            ["LANG"] = "C.UTF-8",
            ["LC_ALL"] = "C.UTF-8",
            ["TERM"] = "dumb",
            ["PATH"] = string.Join(':', Binaries.PostgresDirectory, Path.GetDirectoryName(Binaries.PgAutoctl), "/usr/sbin", "/usr/bin", "/sbin", "/bin"),
            ["PG_REGRESS_SOCK_DIR"] = Sockets,
        };
        foreach ((string variable, string directory) in s_xdg)
        {
            environment[variable] = Under(directory);
        }

        return environment;
    }
}
