using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Completion;

/// <summary>
/// The script that lets a shell complete a command line of pg_autoctl. The commands, their options and every value that is known beforehand
/// stand in it, as branches of <c>case</c> statements: a TAB then starts no process. Only names that the monitor knows are asked for.
/// Bash and zsh run the same functions: zsh with its emulation of sh and the <c>compgen</c> of its <c>bashcompinit</c>, so that nothing here may bear
/// the name of one of its special parameters. Files and directories are each shell's own.
/// </summary>
internal static class CompletionScript
{
    private const string Functions = """
        # What may come next: names of commands or of options, and what the arguments of the command may be.
        _pg_autoctl_entry() {
            arguments=""
            case "$1" in
        @entries@
                *) return 1 ;;
            esac
        }

        # What the value of an option of a command may be.
        _pg_autoctl_value() {
            case "$1" in
        @values@
                *) return 1 ;;
            esac
        }

        _pg_autoctl_offer() {
            case "$1" in
                nothing) ;;
                directory | file) _pg_autoctl_paths "$1" "$2" ;;
                nodes | formations) COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" completion "$1" "${asked[@]}" 2>/dev/null)" -- "$2")) ;;
                *) COMPREPLY=($(compgen -W "$1" -- "$2")) ;;
            esac
        }

        # A word as the command would get it; the shells give it as it was typed.
        _pg_autoctl_read() {
            local quotes="[\"'\\\\]"
            plain="${1//$quotes/}"
            case "$plain" in
                "~/"*) plain="$HOME/${plain#??}" ;;
            esac
        }

        _pg_autoctl_complete() {
            local piece="${COMP_WORDS[COMP_CWORD]}" spot="" offers="" arguments="" kind="" last="" written="" before="" plain="" word i
            local -a typed asked all
            typed=()
            asked=()
            COMPREPLY=()

            # Bash ends a word at "=", ":" and "@", too: options with their values, and URIs, are put together again.
            for ((i = 1; i <= COMP_CWORD; i++)); do
                word="${COMP_WORDS[i]}"
                case "$word" in
                    [:=@]*) last="$last$word" ;;
                    *)
                        case "$last" in
                            *[:=@]) last="$last$word" ;;
                            *)
                                if [ "$i" -gt 1 ]; then
                                    typed+=("$last")
                                fi
                                last="$word" ;;
                        esac ;;
                esac
            done
            case "$piece" in
                [:=@]*) piece="" ;;
            esac

            for word in "${typed[@]}"; do
                if _pg_autoctl_entry "${spot:+$spot }$word"; then
                    spot="${spot:+$spot }$word"
                fi
                _pg_autoctl_read "$word"
                case "$before" in
                    --pgdata | -D | --monitor | -m | --formation | -f) asked+=("$before" "$plain") ;;
                esac
                case "$word" in
                    --pgdata=* | --monitor=* | --formation=*) asked+=("$plain") ;;
                esac
                before="$word"
            done
            _pg_autoctl_entry "$spot"

            written="$last"
            case "$last" in
                --*=*)
                    before="${last%%=*}"
                    written="${last#*=}" ;;
            esac
            if _pg_autoctl_value "$spot $before"; then
                _pg_autoctl_offer "$kind" "$written"
            elif [ -n "$arguments" ] && [ "${written#-}" = "$written" ]; then
                _pg_autoctl_offer "$arguments" "$written"
            else
                _pg_autoctl_offer "$offers" "$written"
            fi

            # The shell replaces what it takes for the word, which may be the end of ours.
            all=("${COMPREPLY[@]}")
            COMPREPLY=()
            for word in "${all[@]}"; do
                word="${last%"$written"}$word"
                COMPREPLY+=("${word#"${last%"$piece"}"}")
            done
        }
        """;

    public static string ForBash(CommandContext context) => $$"""
        # Completion of pg_autoctl for bash, written by "pg_autoctl completion bash".

        {{Body(context)}}

        _pg_autoctl_paths() {
            local IFS=$'\n'
            compopt -o filenames 2>/dev/null
            COMPREPLY=($(compgen "-${1%"${1#?}"}" -- "$2"))
        }

        complete -F _pg_autoctl_complete pg_autoctl
        """;

    public static string ForZsh(CommandContext context) => $$"""
        #compdef pg_autoctl
        # Completion of pg_autoctl for zsh, written by "pg_autoctl completion zsh".

        autoload -U +X bashcompinit && bashcompinit

        {{Body(context)}}

        _pg_autoctl_paths() {
            sought="$1"
        }

        _pg_autoctl() {
            local -a COMP_WORDS COMPREPLY
            local COMP_CWORD=$((CURRENT - 1)) sought=""
            COMP_WORDS=("${words[@]}")
            emulate sh -c _pg_autoctl_complete
            if compset -P 1 '--*='; then
                COMPREPLY=("${COMPREPLY[@]#--*=}")
            fi
            case "$sought" in
                directory) _files -/ ;;
                file) _files ;;
                *) compadd -- "${COMPREPLY[@]}" ;;
            esac
        }

        # Loaded as a function of the completion system, at the first TAB: that one is to be answered, too.
        if (( ${+CURRENT} )); then
            _pg_autoctl
        else
            compdef _pg_autoctl pg_autoctl
        fi
        """;

    private static string Body(CommandContext context)
    {
        var choices = CompletionChoices.Of(context).ToList();
        var entries = choices.Select(c => $"        \"{c.Path}\") offers=\"{string.Join(' ', c.Offers)}\"{(c.Arguments is { } kind ? $" arguments=\"{kind}\"" : "")} ;;");
        var values = choices
            .SelectMany(c => c.Values.Select(v => (Option: $"\"{c.Path} {v.Option}\"", v.Kind)))
            .GroupBy(v => v.Kind, StringComparer.Ordinal)
            .Select(g => $"        {string.Join(" | ", g.Select(v => v.Option))}) kind=\"{g.Key}\" ;;");
        return Functions
            .Replace("@entries@", string.Join('\n', entries), StringComparison.Ordinal)
            .Replace("@values@", string.Join('\n', values), StringComparison.Ordinal);
    }
}
