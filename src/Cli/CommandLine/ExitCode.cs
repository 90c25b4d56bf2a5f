namespace PgAutoFailover.Cli.CommandLine;

/// <summary>Exit codes of <c>pg_autoctl</c>; scripts and service managers rely on the numbers.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int BadArguments = 1;
    public const int BadConfiguration = 2;

    /// <summary>Also: already running, not running.</summary>
    public const int BadState = 3;

    /// <summary>SQL error on the local PostgreSQL.</summary>
    public const int LocalSql = 4;

    /// <summary>PostgreSQL could not be controlled, or is not ready.</summary>
    public const int PostgresControl = 5;

    public const int Monitor = 6;

    /// <summary>The keeper's initialisation failed.</summary>
    public const int Keeper = 8;

    public const int Internal = 12;
}
