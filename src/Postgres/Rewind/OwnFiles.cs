using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Rewind;

/// <summary>
/// Files of the data directory that belong to this node and not to the cluster. pg_rewind overwrites them with the upstream's:
/// its port, its certificate, its rules of who may connect.
/// </summary>
internal sealed class OwnFiles
{
    private static readonly string[] s_names =
        ["postgresql.conf", "postgresql.auto.conf", "pg_hba.conf", "pg_ident.conf", SettingsFile.Name, SettingsFile.StandbyName, "server.crt", "server.key"];

    private readonly List<(string Path, byte[] Content, UnixFileMode Mode)> _files = [];

    public static OwnFiles Read(PostgresOptions options)
    {
        var own = new OwnFiles();
        var ssl = options.Ssl;
        string?[] configured = [ssl.CaFile, ssl.CrlFile, ssl.CertFile, ssl.KeyFile];
        var inside = configured.OfType<string>().Where(f => f.StartsWith(options.PgData + "/", StringComparison.Ordinal));
        foreach (var path in s_names.Select(n => Path.Combine(options.PgData, n)).Concat(inside).Distinct(StringComparer.Ordinal).Where(File.Exists))
        {
            own._files.Add((path, File.ReadAllBytes(path), File.GetUnixFileMode(path)));
        }

        return own;
    }

    public void WriteBack()
    {
        foreach (var (path, content, mode) in _files)
        {
            AtomicFile.Replace(path, content);
            File.SetUnixFileMode(path, mode);
        }
    }
}
