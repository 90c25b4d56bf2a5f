using System.Reflection;

namespace PgAutoFailover.Core.Vocabulary;

/// <summary>Version of this program, and of the schema that it installs on a monitor.</summary>
public static class ProgramVersion
{
    /// <summary>The SQL API's version: what a monitor made by pg_auto_failover 2.0 has.</summary>
    public const string Extension = "2.0";

    /// <summary>Without what identifies the build.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
