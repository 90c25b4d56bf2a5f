using System.CommandLine;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Services;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>From the words of the command line to an exit code: finds the command, reads its options, runs it, reports what it could not do.</summary>
internal sealed class Dispatcher(CommandContext context, TerminalLog log, TextWriter error)
{
    public async Task<int> RunAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var (path, used, before) = FindPath(words);
        if (DoCommandTree.Has(path) && !context.IsDebug)
        {
            return Report(CommandFailure.BadArguments(
                $"Command \"{path}\" is for debugging, and not available as things are", "Set PG_AUTOCTL_DEBUG=1 in the environment to have the commands below \"do\""));
        }

        if (before is { Problem: { } problem })
        {
            return Misused(problem, path);
        }

        if (before.Version)
        {
            return await ShowVersionAsync(words, cancellationToken);
        }

        if (path == "help" || (path.Length == 0 && before.Help))
        {
            Usage.WriteTree(context.Out, context);
            return ExitCode.Ok;
        }

        var rest = words.Skip(used).ToList();
        return CommandTree.Find(path) is { IsGroup: false } entry
            ? await RunLeafAsync(entry, rest, before, cancellationToken)
            : ShowGroup(path, rest, before.Help);
    }

    // "pg_autoctl -v show state": the options that every command has may also stand before and between its words.
    private static (string Path, int Used, Arguments Before) FindPath(IReadOnlyList<string> words)
    {
        var path = "";
        var flags = new List<string>();
        var used = 0;
        for (; used < words.Count; used++)
        {
            if (words[used].StartsWith('-'))
            {
                if (path.Length > 0 && CommandTree.Find(path) is { IsGroup: false })
                {
                    break;
                }

                flags.Add(words[used]);
                continue;
            }

            var longer = path.Length == 0 ? words[used] : $"{path} {words[used]}";
            if (CommandTree.Find(longer) is null)
            {
                break;
            }

            path = longer;
        }

        return (path, used, Arguments.Read(flags, []));
    }

    private async Task<int> RunLeafAsync(CommandEntry entry, List<string> rest, Arguments before, CancellationToken cancellationToken)
    {
        var command = entry.Create!(context);
        var ignored = entry.Ignored.Where(i => command.Options.All(o => o.Name != i.Name)).Select(i => i.ToOption()).ToList();
        ignored.ForEach(command.Options.Add);
        var arguments = Arguments.Read(entry.TakesAnything ? rest.Prepend("--").ToList() : rest, command.Options);
        if (arguments.Help || before.Help)
        {
            Usage.WriteCommand(error, entry, command);
            return ExitCode.Ok;
        }

        if (arguments.Version)
        {
            return await ShowVersionAsync(rest, cancellationToken);
        }

        if (arguments.Problem is { } problem)
        {
            return Misused(problem, entry.Path);
        }

        if (entry is { TakesAnything: false } && WrongCount(command, arguments) is { } wrong)
        {
            return Misused(wrong, entry.Path);
        }

        SetLevel(before.Verbosity + arguments.Verbosity, before.Quiet || arguments.Quiet);

        // The parser drops a first word whose last part is the command's name, as if it were the program's path; so it gets one to drop.
        var parsed = command.Parse([command.Name, .. arguments.Tokens]);
        if (parsed.Errors.Count > 0)
        {
            foreach (var parseError in parsed.Errors)
            {
                context.Log.CommandFailed(parseError.Message);
            }

            return ExitCode.BadArguments;
        }

        foreach (var option in ignored.Where(o => parsed.GetResult(o) is { Implicit: false }))
        {
            context.Log.OptionIgnored(option.Name, entry.Path);
        }

        return await InvokeAsync(parsed, cancellationToken);
    }

    // The parser says so, too, in words about itself.
    private static string? WrongCount(Command command, Arguments arguments)
    {
        var given = arguments.Words.ToList();
        return given.Count < command.Arguments.Sum(a => a.Arity.MinimumNumberOfValues)
                ? $"An argument is missing: {command.Arguments.Skip(given.Count).First(a => a.Arity.MinimumNumberOfValues > 0).Name}"
            : given.Count > command.Arguments.Sum(a => a.Arity.MaximumNumberOfValues) ? $"There is no use for the argument \"{given[^1]}\""
            : null;
    }

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                cancellationToken);
        }
        catch (CommandFailure failure)
        {
            return Report(failure);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Internal;
        }
#pragma warning disable CA1031 // The outermost frame: whatever comes here is a defect, and an operator gets one line and the documented code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (Failures.Find(exception) is { } failure)
            {
                return Report(failure);
            }

            context.Log.CommandBroke(exception);
            return ExitCode.Internal;
        }
    }

    private int Report(CommandFailure failure)
    {
        context.Log.CommandFailed(failure.Message);
        if (failure.Hint is { } hint)
        {
            context.Log.CommandHint(hint);
        }

        return failure.ExitCode;
    }

    // "--version", wherever it stands, is the command "version", with that command's way to say it in JSON.
    private Task<int> ShowVersionAsync(IEnumerable<string> words, CancellationToken cancellationToken) => RunLeafAsync(
        CommandTree.Find("version")!, // is in the table
        words.Where(w => w is "--json" or "-J").ToList(),
        Arguments.Read([], []),
        cancellationToken);

    // A script that left the subcommand out has not done what it was to do: that is no success.
    private int ShowGroup(string path, List<string> rest, bool asked)
    {
        var unknown = rest.FirstOrDefault(w => !w.StartsWith('-'));
        if (unknown is not null)
        {
            return Misused(path.Length == 0 ? $"Unknown command \"{unknown}\"" : $"Unknown command \"{path} {unknown}\"", path);
        }

        if (!asked)
        {
            return Misused(path.Length == 0 ? "No command is given" : $"Command \"{path}\" needs a subcommand", path);
        }

        Usage.WriteGroup(error, path, context);
        return ExitCode.Ok;
    }

    private int Misused(string problem, string path)
    {
        context.Log.CommandFailed(problem);
        if (CommandTree.Find(path) is { IsGroup: false } entry)
        {
            Usage.WriteCommand(error, entry, entry.Create!(context));
        }
        else
        {
            Usage.WriteGroup(error, path, context);
        }

        return ExitCode.BadArguments;
    }

    private void SetLevel(int verbosity, bool quiet) => log.MinimumLevel = (quiet, verbosity) switch
    {
        (true, _) => LogLevel.Error,
        (_, 0 or 1) => LogLevel.Information,
        (_, 2) => LogLevel.Debug,
        _ => LogLevel.Trace,
    };
}
