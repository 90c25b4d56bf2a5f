using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Configuration;

/// <summary>How connections are encrypted: not at all, with a certificate made here, or with certificates that an operator has.</summary>
internal sealed record SslChoice(bool Active, string Mode, string? CaFile, string? CrlFile, string? CertFile, string? KeyFile)
{
    /// <summary>The certificate is made here, in the data directory.</summary>
    public bool SelfSigned { get; private init; }

    /// <param name="optional">Nothing needs to be chosen: then null.</param>
    /// <exception cref="CommandFailure">No choice, or one that contradicts itself.</exception>
    public static SslChoice? Of(
        bool selfSigned, bool noSsl, string? mode, string? caFile, string? crlFile, string? certFile, string? keyFile, bool optional)
    {
        var own = certFile is not null || keyFile is not null;
        switch ((selfSigned ? 1 : 0) + (noSsl ? 1 : 0) + (own ? 1 : 0))
        {
            case 0 when optional && mode is null && caFile is null && crlFile is null:
                return null;
            case 0:
                throw CommandFailure.BadArguments(
                    "Choose how connections are encrypted",
                    "Use --ssl-self-signed, or --server-key with --server-cert, or --no-ssl");
            case > 1:
                throw CommandFailure.BadArguments("Options --ssl-self-signed, --no-ssl, and --server-key with --server-cert exclude each other");
        }

        string?[] files = [caFile, crlFile, certFile, keyFile];
        if (Array.Find(files, f => f is not null && !File.Exists(f)) is { } missing)
        {
            throw CommandFailure.BadArguments($"File \"{missing}\" does not exist");
        }

        return noSsl ? WithCaFile(new SslChoice(Active: false, mode ?? "prefer", Full(caFile), Full(crlFile), CertFile: null, KeyFile: null))
            : selfSigned ? OfSelfSigned(mode, Full(caFile), Full(crlFile))
            : OfOwn(mode, Full(caFile), Full(crlFile), Full(certFile), Full(keyFile));
    }

    public NodeConfig Apply(NodeConfig config) => config
        .With(ConfigKeys.SslActive, Active ? 1 : 0)
        .With(ConfigKeys.SslMode, Mode)
        .With(ConfigKeys.CaFile, CaFile)
        .With(ConfigKeys.CrlFile, CrlFile)
        .With(ConfigKeys.CertFile, SelfSigned ? Path.Join(config.PgData, "server.crt") : CertFile)
        .With(ConfigKeys.KeyFile, SelfSigned ? Path.Join(config.PgData, "server.key") : KeyFile);

    private static SslChoice OfSelfSigned(string? mode, string? caFile, string? crlFile) =>
        mode is "verify-ca" or "verify-full"
            ? throw CommandFailure.BadArguments($"A self-signed certificate cannot be verified: --ssl-mode {mode} needs --server-key and --server-cert")
            : new SslChoice(Active: true, mode ?? "require", caFile, crlFile, CertFile: null, KeyFile: null) { SelfSigned = true };

    private static SslChoice OfOwn(string? mode, string? caFile, string? crlFile, string? certFile, string? keyFile)
    {
        if (certFile is null || keyFile is null)
        {
            throw CommandFailure.BadArguments("Options --server-key and --server-cert need each other");
        }

        return WithCaFile(new SslChoice(Active: true, mode ?? "verify-full", caFile, crlFile, certFile, keyFile));
    }

    private static SslChoice WithCaFile(SslChoice choice) => choice is { Mode: "verify-ca" or "verify-full", CaFile: null }
        ? throw CommandFailure.BadArguments($"--ssl-mode {choice.Mode} needs --ssl-ca-file")
        : choice;

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
}
