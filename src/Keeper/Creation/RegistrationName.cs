using System.Security.Cryptography;

namespace PgAutoFailover.Keeper.Creation;

/// <summary>Names for registrations that no two keepers share.</summary>
internal static class RegistrationName
{
    private const int Digits = 32;

    public static string New() => RandomNumberGenerator.GetHexString(Digits, lowercase: true);
}
