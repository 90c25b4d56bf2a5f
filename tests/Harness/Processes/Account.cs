namespace PgAutoFailover.Harness.Processes;

/// <summary>
/// The operating system's user that owns the clusters. PostgreSQL refuses to run as root, so started by root everything is run as
/// <c>postgres</c>; started by anybody else, as that user.
/// </summary>
public static class Account
{
    public static bool IsRoot { get; } = Environment.IsPrivilegedProcess;

    public static string Name { get; } = IsRoot ? "postgres" : Environment.UserName;

    /// <summary>Put before a command, it runs as <see cref="Name"/>; setpriv replaces itself, so the process id stays.</summary>
    internal static IReadOnlyList<string> Prefix { get; } = IsRoot
        ? ["setpriv", "--reuid=" + Name, "--regid=" + Name, "--init-groups", "--"]
        : [];
}
