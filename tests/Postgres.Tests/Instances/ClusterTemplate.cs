using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Tests.Instances;

/// <summary>One initdb for all tests: copies of a new cluster take a tenth of the time.</summary>
internal static class ClusterTemplate
{
    private static readonly Task<string> s_template = CreateAsync();

    public static async Task CopyAsync(string pgData, CancellationToken cancellationToken)
    {
        using var copy = Process.Start("cp", ["-a", await s_template, pgData]);
        await copy.WaitForExitAsync(cancellationToken);
        if (copy.ExitCode != 0)
        {
            throw new InvalidOperationException($"cp ended with {copy.ExitCode}");
        }
    }

    private static async Task<string> CreateAsync()
    {
        var root = Directory.CreateTempSubdirectory("pgaf-template-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        var options = new PostgresOptions { PgData = Path.Combine(root, "data"), PgCtl = InstalledServer.PgCtl };
        await using var server = new LocalPostgresServer(options, NullLogger.Instance, TimeProvider.System);
        await server.InitDbAsync(CancellationToken.None);
        return options.PgData;
    }
}
