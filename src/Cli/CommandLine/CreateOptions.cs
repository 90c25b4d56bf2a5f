using System.CommandLine;
using System.Globalization;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Postgres.Certificates;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>The options that every <c>create</c> of a PostgreSQL instance has, and how they go into its configuration.</summary>
internal sealed class CreateOptions
{
    /// <summary>As an authentication method: no HBA rule is written.</summary>
    private const string Skip = "skip";

    // PostgreSQL finds out about another one only when it reads pg_hba.conf, and then does not start.
    private static readonly string[] s_methods =
    [
        Skip, "trust", "reject", "scram-sha-256", "md5", "password", "gss", "sspi", "ident", "peer", "ldap", "radius", "cert", "pam", "bsd", "oauth",
    ];

    private readonly Option<string?> _pgCtl = NewOption.Text("--pgctl", "-C", "path of pg_ctl");
    private readonly Option<string?> _pgData = NewOption.PgData();
    private readonly Option<int?> _port = NewOption.Port("port that PostgreSQL is to listen on; default: $PGPORT, else 5432");
    private readonly Option<string?> _hostName = NewOption.HostName();
    private readonly Option<string?> _listen = NewOption.Text("--listen", "-l", "addresses that PostgreSQL is to listen on; default: *");
    private readonly Option<string?> _auth = NewOption.Text("--auth", "-A", "authentication method of the HBA rules that are written");
    private readonly Option<bool> _skipHba = NewOption.Flag("--skip-pg-hba", "-S", "write no HBA rules");
    private readonly Option<bool> _run = NewOption.Flag("--run", "-x", "go on as the service when the creation is done");
    private readonly SslChoiceOptions _ssl;
    private readonly HttpOptions _http;

    public CreateOptions(Command command)
    {
        Option[] options = [_pgCtl, _pgData, _port, _hostName, _listen, _auth, _skipHba, _run];
        _auth.CompletionSources.Add(s_methods);
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        _ssl = new SslChoiceOptions(command);
        _http = new HttpOptions(command);
    }

    public bool Run(ParseResult parsed) => parsed.GetValue(_run);

    public ConfigPaths Paths(ParseResult parsed, CommandContext context) => LocalNode.FindPaths(parsed.GetValue(_pgData), context);

    /// <summary>The configuration that the file has, where there is one, with what the options say on top.</summary>
    /// <exception cref="CommandFailure">The options contradict each other, or the directory belongs to another role.</exception>
    public NodeConfig Merge(string role, ConfigPaths paths, ParseResult parsed, CommandContext context)
    {
        var existing = File.Exists(paths.ConfigFile);
        var config = existing ? NodeConfig.Read(paths.ConfigFile) : NodeConfig.New(role);
        if (config[ConfigKeys.Role] != role)
        {
            throw new CommandFailure(
                ExitCode.BadConfiguration, $"\"{paths.PgData}\" is configured as a {config[ConfigKeys.Role]} already: see \"{paths.ConfigFile}\"");
        }

        config = config.With(ConfigKeys.PgData, paths.PgData);
        config = Set(config, ConfigKeys.PgCtl, parsed.GetValue(_pgCtl));
        config = Set(config, ConfigKeys.HostName, parsed.GetValue(_hostName));
        config = Set(config, ConfigKeys.ListenAddresses, parsed.GetValue(_listen));
        config = Set(config, ConfigKeys.Port, Port(existing, parsed, context));
        config = ApplyAuthentication(config, existing, parsed, context);
        config = _http.Apply(config, parsed);
        return _ssl.Apply(config, existing, parsed, context);
    }

    /// <summary>Writes the configuration, after a last look at all of it.</summary>
    /// <exception cref="CommandFailure">A value cannot be right; nothing was written.</exception>
    public static LocalNode Save(NodeConfig config, ConfigPaths paths, CommandContext context)
    {
        Check(config, context);
        config.Write(paths.ConfigFile);
        return new LocalNode(paths, config);
    }

    /// <summary>A last look at a configuration before it is written.</summary>
    /// <exception cref="CommandFailure">A value cannot be right, or the certificate that it names cannot be used.</exception>
    public static void Check(NodeConfig config, CommandContext context)
    {
        if (config.Problems().ToList() is { Count: > 0 } problems)
        {
            throw new CommandFailure(ExitCode.BadConfiguration, string.Join('\n', problems));
        }

        RequireCertificateFor(config, ConfigKeys.HostName, context);
        RequireCertificateFor(config, ConfigKeys.ClientHostName, context);
        if (config.Number(ConfigKeys.SslActive) == 0)
        {
            context.Log.NoEncryption();
        }
    }

    /// <summary>Refuses a name of the server that its certificate is not for.</summary>
    /// <exception cref="CommandFailure">The certificate cannot be used under that name, or by nobody.</exception>
    public static void RequireCertificateFor(NodeConfig config, ConfigKey name, CommandContext context)
    {
        if (config[name] is { } host && OwnCertificate.Problem(PostgresOptionsOf.Ssl(config), host, context.Time) is { } problem)
        {
            throw new CommandFailure(ExitCode.BadConfiguration, problem, "Nothing was changed");
        }
    }

    public static NodeConfig Set(NodeConfig config, ConfigKey key, string? value) => value is null ? config : config.With(key, value);

    private string? Port(bool existing, ParseResult parsed, CommandContext context)
    {
        if (parsed.GetValue(_port) is { } given)
        {
            return given.ToString(CultureInfo.InvariantCulture);
        }

        return existing || context.Variable("PGPORT") is not { } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? text
            : throw CommandFailure.BadArguments($"PGPORT is \"{text}\": expected a number from 1 to 65535");
    }

    private NodeConfig ApplyAuthentication(NodeConfig config, bool existing, ParseResult parsed, CommandContext context)
    {
        var method = parsed.GetValue(_auth);
        var skip = parsed.GetValue(_skipHba);
        if (method is not null && skip)
        {
            throw CommandFailure.BadArguments("Options --auth and --skip-pg-hba exclude each other");
        }

        method ??= skip || existing ? null : context.Variable("PG_AUTOCTL_AUTH_METHOD");
        if (method is not null && !s_methods.Contains(method.Split(' ')[0], StringComparer.Ordinal))
        {
            throw CommandFailure.BadArguments($"\"{method}\" of --auth is not an authentication method of PostgreSQL", $"One of {string.Join(", ", s_methods)}");
        }

        if (method == Skip || skip)
        {
            var skipped = config.With(ConfigKeys.AuthMethod, config.IsMonitor ? Skip : "trust");
            return config.IsMonitor ? skipped : skipped.With(ConfigKeys.HbaLevel, Skip);
        }

        return method is null && !existing
            ? throw CommandFailure.BadArguments(
                "Choose how clients are authenticated", "Use --auth METHOD (for example scram-sha-256), or --skip-pg-hba to write the HBA rules yourself")
            : Set(config, ConfigKeys.AuthMethod, method);
    }
}
