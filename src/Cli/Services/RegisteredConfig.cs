using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Keeper.Creation;
using PgAutoFailover.Postgres.Backups;

namespace PgAutoFailover.Cli.Services;

/// <summary>A node's configuration with what its registration brought.</summary>
internal static class RegisteredConfig
{
    public static NodeConfig Of(LocalNode local, CreatedNode created) => local.Config
        .With(ConfigKeys.Name, created.Name)
        .With(ConfigKeys.Group, created.GroupId)
        .With(ConfigKeys.BackupDirectory, local.Config[ConfigKeys.BackupDirectory] ?? BackupPlace.DefaultFor(local.Paths.PgData, created.NodeId));
}
