using Npgsql;
using PgAutoFailover.Promoter.Settings;

namespace PgAutoFailover.Promoter.Looking;

/// <summary>How every connection of this program is made.</summary>
internal static class ConnectionSettings
{
    public const string ApplicationName = "pg_promoter";

    /// <summary>Our own clocks end a wait; the driver's, in whole seconds, are a net below them.</summary>
    public static void Apply(NpgsqlConnectionStringBuilder builder, PromoterSettings settings)
    {
        builder.Timeout = Seconds(settings.ConnectTimeout);
        builder.CommandTimeout = Seconds(settings.StatementTimeout);
        builder.CancellationTimeout = -1; // nobody waits for a server that does not answer to hear that we do not want its answer any more
#pragma warning disable CS0618 // A data source says this too, but a replication connection is made of a connection string only.
        builder.ServerCompatibilityMode = ServerCompatibilityMode.NoTypeLoading;
#pragma warning restore CS0618
        builder.Pooling = false;
        builder.IncludeErrorDetail = false;

        // pg_basebackup writes the password file's name whether there is one or not, and libpq does not mind.
        builder.Passfile = File.Exists(builder.Passfile) ? builder.Passfile : null;
        builder.MaxAutoPrepare = 0;
    }

    private static int Seconds(TimeSpan limit) => Math.Clamp((int)Math.Ceiling(limit.TotalSeconds) + 1, 2, 1024);
}
