using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Keeper.Creation;
using PgAutoFailover.Keeper.Monitor;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>create postgres</c></summary>
internal static class CreatePostgresCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("postgres");
        var options = new CreateOptions(command);
        var nodeOptions = new CreateNodeOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var paths = options.Paths(parsed, context);
            PidFile.RefuseIfRunning(paths.PidFile, paths.PgData);
            var config = nodeOptions.Merge(options.Merge(ConfigKeys.KeeperRole, paths, parsed, context), parsed, context);
            var isNew = !File.Exists(paths.ConfigFile);
            var before = isNew ? null : NodeConfig.Read(paths.ConfigFile);
            var existing = isNew ? ExistingCluster.Find(paths.PgData) : null;
            config = existing is null ? config : await existing.WithProgramsAsync(config, context, cancellationToken);
            config = await Discoveries.CompleteAsync(config, paths, context, cancellationToken);
            config = existing is null ? config : await existing.JoinAsync(config, context, cancellationToken);
            PortCheck.RefuseIfTaken(config, paths.PgData);
            DataDirectoryCheck.RefuseIfUnwritable(paths.PgData);
            var creation = nodeOptions.Creation(config, parsed, context);
            var local = CreateOptions.Save(config, paths, context);
            await using var node = new NodeHost(local, creation, options.Run(parsed), context);
            try
            {
                return await node.RunAsync();
            }
            catch when (isNew && !File.Exists(paths.InitFile) && !File.Exists(paths.StateFile))
            {
                // Refused before anything was made: nothing stays behind.
                File.Delete(paths.ConfigFile);
                throw;
            }
            catch (Exception exception) when (before is not null && exception is (CreationException or MonitorException { IsUnreachable: false }))
            {
                // Refused: what there was goes on to count, as the formation in which a creation was interrupted.
                before.Write(paths.ConfigFile);
                throw;
            }
        });
        return command;
    }
}
