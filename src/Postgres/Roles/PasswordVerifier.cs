using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PgAutoFailover.Postgres.Roles;

/// <summary>
/// What PostgreSQL stores of a password, computed here as psql's <c>\password</c> does: a statement is seen by logs, by pg_stat_activity and by
/// pg_stat_statements, and from this nobody learns the password.
/// </summary>
internal static class PasswordVerifier
{
    private const int Iterations = 4096;
    private const int SaltBytes = 16;

    /// <param name="method">The method of the HBA rules: md5 wants its own kind, and every other is fine with SCRAM.</param>
    public static string Of(string role, string password, string method) => method == "md5" ? Md5(role, password) : Scram(password, RandomNumberGenerator.GetBytes(SaltBytes));

    internal static string Scram(string password, byte[] salt)
    {
        var normal = password.Normalize(NormalizationForm.FormKC);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(normal), salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}");
    }

#pragma warning disable CA5351 // PostgreSQL's method md5 wants it; whoever chooses that method knows
    private static string Md5(string role, string password) => "md5" + Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password + role)));
#pragma warning restore CA5351
}
