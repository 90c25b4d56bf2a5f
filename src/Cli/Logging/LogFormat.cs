namespace PgAutoFailover.Cli.Logging;

/// <summary>How log lines are written.</summary>
internal enum LogFormat
{
    /// <summary>As operators of pg_auto_failover read them.</summary>
    Text,

    /// <summary>The same with colours, for a person who looks on.</summary>
    Colours,

    /// <summary>The same behind the priority of syslog in angle brackets, which the journal takes for itself.</summary>
    Journal,

    /// <summary>One object a line, for what collects logs.</summary>
    Json,
}
