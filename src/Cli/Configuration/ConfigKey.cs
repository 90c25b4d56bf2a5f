using System.Globalization;

namespace PgAutoFailover.Cli.Configuration;

/// <summary>One setting of <c>pg_autoctl.cfg</c>.</summary>
/// <param name="Default">Value where the file has none; null where there is none.</param>
/// <param name="Implied">What holds where the file has none, and is not written into it: 2.0, to which one may go back, does not know the key.</param>
/// <param name="Check">What is wrong with a value, null where it is fine.</param>
internal sealed record ConfigKey(
    string Section,
    string Name,
    string? Default = null,
    bool Required = false,
    bool IsNumber = false,
    Func<string, string?>? Check = null,
    string? Implied = null)
{
    /// <summary>How the command line names it.</summary>
    public string Path => $"{Section}.{Name}";

    /// <summary>A sentence about what is wrong with a value, null where it is fine.</summary>
    public string? Problem(string value)
    {
        // A line of its own in the file would be another setting.
        if (value.Any(char.IsControl))
        {
            return $"{Path} contains a line break or another control character";
        }

        // Silently, a password would become another one.
        if (value.Trim().Length != value.Length)
        {
            return $"{Path} begins or ends with a blank, which the file does not keep";
        }

        if (IsNumber && !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            return $"{Path} is \"{value}\", which is not a number";
        }

        return Check?.Invoke(value) is { } problem ? $"{Path} is \"{value}\": {problem}" : null;
    }
}
