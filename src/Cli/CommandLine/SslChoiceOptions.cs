using System.CommandLine;
using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>
/// The options by which a person chooses how connections are encrypted. There is no default: one of the three ways has to be
/// chosen, so that nobody runs without encryption unknowingly.
/// </summary>
internal sealed class SslChoiceOptions
{
    private static readonly string[] s_modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
    private readonly Option<bool> _selfSigned = NewOption.Flag("--ssl-self-signed", "-s", "encrypt with a certificate that is made here; no certainty whom one speaks to");
    private readonly Option<bool> _noSsl = NewOption.Flag("--no-ssl", "-N", "do not encrypt");
    private readonly Option<string?> _mode = NewOption.Text("--ssl-mode", null, "sslmode of the connections that nodes make");
    private readonly Option<string?> _caFile = NewOption.Text("--ssl-ca-file", null, "certificates of the authorities that are trusted");
    private readonly Option<string?> _crlFile = NewOption.Text("--ssl-crl-file", null, "certificates that are revoked");
    private readonly Option<string?> _key = NewOption.Text("--server-key", null, "the server's private key");
    private readonly Option<string?> _certificate = NewOption.Text("--server-cert", null, "the server's certificate");

    public SslChoiceOptions(Command command)
    {
        Option[] options = [_selfSigned, _noSsl, _mode, _caFile, _crlFile, _key, _certificate];
        _mode.CompletionSources.Add(s_modes);
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The configuration without encryption; the other options say how connections to others are made.</summary>
    /// <exception cref="CommandFailure">They ask for encryption, or contradict each other.</exception>
    public NodeConfig Disable(NodeConfig config, ParseResult parsed) => Apply(config, Choose(parsed, selfSigned: parsed.GetValue(_selfSigned), noSsl: true, optional: false));

    /// <summary>The configuration with what was chosen; unchanged where nothing was and it has been before.</summary>
    /// <param name="existing">The configuration was read from a file: it has a choice already.</param>
    /// <exception cref="CommandFailure">No choice, or one that contradicts itself.</exception>
    public NodeConfig Apply(NodeConfig config, bool existing, ParseResult parsed, CommandContext context)
    {
        var selfSigned = parsed.GetValue(_selfSigned) || (NothingChosen(parsed) && context.Flag("PG_AUTOCTL_SSL_SELF_SIGNED"));
        return Apply(config, Choose(parsed, selfSigned, parsed.GetValue(_noSsl), optional: existing));
    }

    private SslChoice? Choose(ParseResult parsed, bool selfSigned, bool noSsl, bool optional) => SslChoice.Of(
        selfSigned,
        noSsl,
        parsed.GetValue(_mode),
        parsed.GetValue(_caFile),
        parsed.GetValue(_crlFile),
        parsed.GetValue(_certificate),
        parsed.GetValue(_key),
        optional);

    private static NodeConfig Apply(NodeConfig config, SslChoice? choice) =>
        choice is null ? config
        : s_modes.Contains(choice.Mode, StringComparer.Ordinal) ? choice.Apply(config)
        : throw CommandFailure.BadArguments($"Value \"{choice.Mode}\" of --ssl-mode is not valid: expected {string.Join(", ", s_modes)}");

    private bool NothingChosen(ParseResult parsed) =>
        !parsed.GetValue(_noSsl) && parsed.GetValue(_key) is null && parsed.GetValue(_certificate) is null;
}
