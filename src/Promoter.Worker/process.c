/*
 * process.c
 *		Starts the program pg_promoter beside the server's own, and ends it.
 *
 * Between fork and exec only what is safe in a signal handler is called. The
 * child has none of our descriptors, signal handlers or memory, is the leader
 * of a process group of its own (so that its commands end with it), and the
 * kernel kills it with us.
 */
#include "pg_promoter.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "miscadmin.h"
#include "port.h"
#include "storage/fd.h"

#define PROGRAM "pg_promoter"

/* Files that a runtime's debugger would leave in /tmp when it is killed. */
#define NO_DIAGNOSTICS "DOTNET_EnableDiagnostics=0"

extern char **environ;

/* Closes all but the standard descriptors; for the child. */
static void
close_inherited(void)
{
	struct rlimit limit;
	int			last = 1024 * 1024;

#ifdef SYS_close_range
	if (syscall(SYS_close_range, 3, ~0U, 0) == 0)
		return;
#endif
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < (rlim_t) last)
		last = (int) limit.rlim_cur;
	for (int fd = 3; fd < last; fd++)
		close(fd);
}

/* PostgreSQL's own word for this attribute is another since version 18. */
static void __attribute__((noreturn))
run_program(pid_t parent, int input, int output, const char *path, char *const argv[], char *const envp[])
{
	static const char message[] = "could not be executed\n";
	sigset_t	none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(1);

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	dup2(input, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	close_inherited();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);

	if (chdir("/") == 0)
		execve(path, argv, envp);
	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(126);
	_exit(127);
}

/* The server's environment, for the password file and the like, and a word to the runtime. */
static char **
make_environment(void)
{
	int			count = 0;
	char	  **result;

	while (environ[count] != NULL)
		count++;
	result = palloc((count + 2) * sizeof(char *));
	memcpy(result, environ, count * sizeof(char *));
	result[count] = (char *) NO_DIAGNOSTICS;
	result[count + 1] = NULL;
	return result;
}

static bool
make_pipe(int ends[2], int ours)
{
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	if (fcntl(ends[ours], F_SETFL, O_NONBLOCK) == 0)
		return true;
	close(ends[0]);
	close(ends[1]);
	return false;
}

/* False, with a message in the log, when it could not be started. */
bool
promoter_process_start(PromoterProcess *process)
{
	char		path[MAXPGPATH];
	char	   *argv[] = {path, (char *) "--data-directory", DataDir, NULL};
	char	  **envp;
	int			in[2],
				out[2];
	sigset_t	all,
				before;
	pid_t		parent = getpid();
	pid_t		pid;

	strlcpy(path, my_exec_path, sizeof(path));
	get_parent_directory(path);
	join_path_components(path, path, PROGRAM);
	if (access(path, X_OK) != 0)
	{
		ereport(WARNING,
				(errcode_for_file_access(),
				 errmsg("pg_promoter: could not find the program \"%s\": %m", path),
				 errhint("Install all of the package: the program lies beside the server's own.")));
		return false;
	}

	if (!make_pipe(in, 1))
	{
		ereport(WARNING, (errmsg("pg_promoter: could not create a pipe: %m")));
		return false;
	}
	if (!make_pipe(out, 0))
	{
		ereport(WARNING, (errmsg("pg_promoter: could not create a pipe: %m")));
		close(in[0]);
		close(in[1]);
		return false;
	}

	envp = make_environment();
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		run_program(parent, in[0], out[1], path, argv, envp);
	sigprocmask(SIG_SETMASK, &before, NULL);
	pfree(envp);
	close(in[0]);
	close(out[1]);
	if (pid < 0)
	{
		ereport(WARNING, (errmsg("pg_promoter: could not start \"%s\": %m", path)));
		close(in[1]);
		close(out[0]);
		return false;
	}

	setpgid(pid, pid);			/* as the child does: whoever comes first */
	ReserveExternalFD();
	ReserveExternalFD();
	process->pid = pid;
	process->input = in[1];
	process->output = out[0];
	return true;
}

static void
close_pipes(PromoterProcess *process)
{
	if (process->input >= 0)
	{
		close(process->input);
		ReleaseExternalFD();
	}
	if (process->output >= 0)
	{
		close(process->output);
		ReleaseExternalFD();
	}
	process->input = process->output = -1;
}

/* Has it ended? What it said last may still be in the pipe. */
bool
promoter_process_has_ended(const PromoterProcess *process)
{
	siginfo_t	ended;

	memset(&ended, 0, sizeof(ended));
	return waitid(P_PID, process->pid, &ended, WEXITED | WNOHANG | WNOWAIT) != 0 || ended.si_pid != 0;
}

/* Clears away one that has ended. Returns the status that it ended with. */
int
promoter_process_reap(PromoterProcess *process)
{
	int			status = 0;

	/* Its commands end with it. Not reaped yet, it still keeps its group's number from being given to others. */
	kill(-process->pid, SIGKILL);
	while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
		;
	close_pipes(process);
	process->pid = 0;
	return status;
}

/* Ends it and what it started, at once. It is still to be reaped. */
void
promoter_process_kill(PromoterProcess *process)
{
	if (process->pid == 0)
		return;
	close_pipes(process);
	kill(-process->pid, SIGKILL);
	/* Should it not have got as far as having a group of its own. */
	kill(process->pid, SIGKILL);
}
