using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PgAutoFailover.Monitor.Schema;

/// <summary>
/// The SQL that makes up the monitor's database, from the files beside this one. Migrations change tables: each runs once, in
/// the order of the number its name begins with. Functions, views and grants are replaced as a whole when any of them changed.
/// </summary>
internal static class SchemaScripts
{
    private const string MigrationsPrefix = "Schema/Migrations/";
    private const string FunctionsPrefix = "Schema/Functions/";

    /// <summary>Numbered from 1, without gaps.</summary>
    public static ImmutableArray<Migration> Migrations { get; } =
        [.. Read(MigrationsPrefix).Select(s => new Migration(int.Parse(s.Name.AsSpan(0, 4), CultureInfo.InvariantCulture), s.Sql))];

    /// <summary>In the order in which they are to run.</summary>
    public static ImmutableArray<string> Functions { get; } = [.. Read(FunctionsPrefix).Select(s => s.Sql)];

    /// <summary>Changes whenever <see cref="Functions"/> does.</summary>
    public static string FunctionsHash { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Functions))));

    private static IEnumerable<(string Name, string Sql)> Read(string prefix)
    {
        var assembly = typeof(SchemaScripts).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(n =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!); // its name has just been listed
                return (n[prefix.Length..], reader.ReadToEnd());
            });
    }
}

/// <summary>One change of the tables.</summary>
internal sealed record Migration(int Version, string Sql);
