namespace PgAutoFailover.EndToEnd.Pairs;

/// <summary>The documented exit codes that tests look at.</summary>
internal static class ExitCodes
{
    internal const int BadArguments = 1;
    internal const int BadConfiguration = 2;
    internal const int BadState = 3;
    internal const int PostgresControl = 5;
    internal const int MonitorError = 6;
}
