using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Services;

/// <summary>Where applications are to find a node, as its configuration has it.</summary>
internal static class ClientAddressOf
{
    public static ClientAddress Config(NodeConfig config) =>
        new(config[ConfigKeys.ClientHostName], config.IsSet(ConfigKeys.ClientPort) ? config.Number(ConfigKeys.ClientPort) : null);
}
