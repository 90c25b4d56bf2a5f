/*
 * worker.c
 *		The worker's loop: keeps the program running, tells it what it needs to
 *		know, and does what it says.
 *
 * Both sides speak lines of fields that tabs separate; src/Promoter/Worker
 * has the other half. The program says "alive" once a second while its own
 * loop goes on, and is answered with the state of this server; one that stops
 * saying so hangs, and is killed and started again.
 *
 * A promotion is the program's decision, taken under settings whose generation
 * it names. It is carried out only if these are still in force and this server
 * still is a standby.
 */
#include "pg_promoter.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "access/xlog.h"
#if PG_VERSION_NUM >= 150000
#include "access/xlogrecovery.h"
#endif
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "replication/walreceiver.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/spin.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#define PROTOCOL_VERSION "1"
#define TICK_MS 1000
#define REAP_MS 10

/* After this many ticks without a word the program hangs. Ticks, not time: while we were frozen nobody spoke. */
#define SILENT_TICKS 10
/* A machine that has no time for anybody takes long to start a program; killing it then would only make that worse. */
#define SILENT_TICKS_AT_START 60

#define SHORTEST_BACK_OFF_MS 500
#define LONGEST_BACK_OFF_MS 60000
/* One that ran for this long starts with the shortest back-off again. */
#define STEADY_MS 60000

#define LONGEST_LINE 8192
#define MOST_FIELDS 12

static PromoterProcess process = {0, -1, -1};
static char line[LONGEST_LINE];
static int	line_length;
static int	silent_ticks;
static bool has_spoken;
static int64 started_at;
static int64 start_again_at;
static int64 back_off_ms = SHORTEST_BACK_OFF_MS;

/* What is told to each program anew. */
static StringInfoData settings;
static int	settings_generation;
static char remembered[512];
static bool promoted_by_us;

static int64
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Lines are short and rare: a pipe that is full is a program that does not read, which the missing word will end. */
static void
say(const StringInfoData *text)
{
	int			sent = 0;

	while (process.input >= 0 && sent < text->len)
	{
		ssize_t		count = write(process.input, text->data + sent, text->len - sent);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
		{
			ereport(LOG, (errmsg("pg_promoter: could not write to the program with PID %d: %m", (int) process.pid)));
			promoter_process_kill(&process);
			return;
		}
		sent += count;
	}
}

static void
say_settings(void)
{
	StringInfoData text;

	initStringInfo(&text);
	appendBinaryStringInfo(&text, settings.data, settings.len);
	appendStringInfo(&text, "settings\t%d\n", settings_generation);
	say(&text);
	pfree(text.data);
}

static void
read_settings(void)
{
	StringInfoData current;

	initStringInfo(&current);
	promoter_write_settings(&current);
	if (settings.len == current.len && memcmp(settings.data, current.data, current.len) == 0)
	{
		pfree(current.data);
		return;
	}
	resetStringInfo(&settings);
	appendBinaryStringInfo(&settings, current.data, current.len);
	pfree(current.data);
	settings_generation++;
	if (process.pid != 0)
		say_settings();
}

static void
say_server(void)
{
	StringInfoData text;
	bool		in_recovery = RecoveryInProgress();
	XLogRecPtr	latest_end;
	TimestampTz heard;
	bool		connected;

	SpinLockAcquire(&WalRcv->mutex);
	connected = WalRcv->pid != 0 && WalRcv->ready_to_display;
	heard = WalRcv->lastMsgReceiptTime;
	latest_end = WalRcv->latestWalEnd;
	SpinLockRelease(&WalRcv->mutex);

	initStringInfo(&text);
	appendStringInfo(&text, "server\t%d\t%d\t%d\t" UINT64_FORMAT "\t" UINT64_FORMAT "\t" UINT64_FORMAT "\t" INT64_FORMAT "\n",
					 in_recovery, promoted_by_us, connected,
					 (uint64) GetWalRcvFlushRecPtr(NULL, NULL),
					 (uint64) GetXLogReplayRecPtr(NULL),
					 (uint64) latest_end, (int64) heard);
	say(&text);
	pfree(text.data);
}

static void
start_program(void)
{
	StringInfoData text;

	silent_ticks = line_length = 0;
	has_spoken = false;
	started_at = now_ms();
	start_again_at = started_at + back_off_ms;
	if (!promoter_process_start(&process))
	{
		promoter_status_of_worker("failed", "nothing: the program cannot be started; see the server log");
		back_off_ms = Min(back_off_ms * 2, LONGEST_BACK_OFF_MS);
		start_again_at = now_ms() + back_off_ms;
		return;
	}
	promoter_status_of_process(process.pid);

	initStringInfo(&text);
	appendStringInfo(&text, "hello\t" PROTOCOL_VERSION "\t%d\t" UINT64_FORMAT "\t", PG_VERSION_NUM, GetSystemIdentifier());
	promoter_append_escaped(&text, remembered);
	appendStringInfoChar(&text, '\n');
	say(&text);
	pfree(text.data);
	say_settings();
}

/* PostgreSQL's own mechanism, as pg_ctl promote uses it. Returns why not, or null. */
static const char *
promote(int generation)
{
	int			file;

	if (ConfigReloadPending || generation != settings_generation)
		return "the settings have changed since it was decided";
	if (promoter_dry_run)
		return "pg_promoter.dry_run is on";
	if (ShutdownRequestPending)
		return "this server is shutting down";
	if (!RecoveryInProgress())
		return "this server is not a standby any more";

	file = open(PROMOTE_SIGNAL_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0 || close(file) != 0)
	{
		ereport(WARNING, (errcode_for_file_access(), errmsg("pg_promoter: could not create file \"%s\": %m", PROMOTE_SIGNAL_FILE)));
		return "the file that asks for the promotion cannot be created";
	}
	if (kill(PostmasterPid, SIGUSR1) != 0)
	{
		ereport(WARNING, (errmsg("pg_promoter: could not send SIGUSR1 to the postmaster: %m")));
		unlink(PROMOTE_SIGNAL_FILE);
		return "the postmaster cannot be signalled";
	}
	promoted_by_us = true;
	return NULL;
}

static void
on_promote(const char *generation)
{
	StringInfoData text;
	const char *refusal = promote(atoi(generation));

	initStringInfo(&text);
	if (refusal == NULL)
		appendStringInfoString(&text, "promoting\n");
	else
	{
		ereport(LOG, (errmsg("pg_promoter: does not promote: %s", refusal)));
		appendStringInfo(&text, "refused\t%s\n", refusal);
	}
	say(&text);
	pfree(text.data);
}

static void
on_log(const char *level, const char *message, const char *detail, const char *hint)
{
	int			elevel = strcmp(level, "WARNING") == 0 ? WARNING : strcmp(level, "DEBUG") == 0 ? DEBUG1 : LOG;

	ereport(elevel,
			(errmsg_internal("pg_promoter: %s", message),
			 detail[0] != '\0' ? errdetail_internal("%s", detail) : 0,
			 hint[0] != '\0' ? errhint("%s", hint) : 0));
}

/* Does what a line of the program says. A line that is none of ours is the runtime's, about its end: it is logged. */
static void
obey(char *text)
{
	char	   *fields[MOST_FIELDS];
	char	   *rest = pstrdup(text);
	char	   *scan = rest;
	int			count = 0;

	while (count < MOST_FIELDS && (fields[count] = strsep(&scan, "\t")) != NULL)
		count++;

	if (strcmp(fields[0], "alive") == 0)
	{
		silent_ticks = 0;
		has_spoken = true;
		say_server();
	}
	else if (strcmp(fields[0], "log") == 0 && count == 5)
		on_log(fields[1], fields[2], fields[3], fields[4]);
	else if (strcmp(fields[0], "status") == 0 && count == 10)
	{
		PromoterReport report = {fields[1], fields[2], fields[3], fields[4], fields[5], fields[6], fields[7], fields[8], fields[9]};

		promoter_status_report(&report);
	}
	else if (strcmp(fields[0], "remember") == 0 && count == 2)
		strlcpy(remembered, fields[1], sizeof(remembered));
	else if (strcmp(fields[0], "promote") == 0 && count == 2)
		on_promote(fields[1]);
	else if (strcmp(fields[0], "finished") == 0)
		promoted_by_us = false;
	else if (fields[0][0] != '\0')
		ereport(LOG, (errmsg_internal("pg_promoter: the program with PID %d said: %s", (int) process.pid, text)));
	pfree(rest);
}

typedef enum Heard
{
	HEARD_SOMETHING,
	HEARD_NOTHING,				/* for now */
	HEARD_THE_END
} Heard;

/* Takes what has come, line by line. */
static Heard
listen_to_program(void)
{
	char		chunk[4096];
	ssize_t		count;

	if (process.output < 0)
		return HEARD_THE_END;
	count = read(process.output, chunk, sizeof(chunk));
	if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return HEARD_NOTHING;
	for (ssize_t i = 0; i < count; i++)
	{
		if (chunk[i] == '\n')
		{
			line[line_length] = '\0';
			line_length = 0;
			obey(line);
			if (process.output < 0)
				return HEARD_THE_END;	/* it had to be killed meanwhile */
		}
		else if (line_length < LONGEST_LINE - 1 && chunk[i] != '\0')
			line[line_length++] = chunk[i];
	}
	return count > 0 ? HEARD_SOMETHING : HEARD_THE_END;
}

static void
program_has_ended(void)
{
	bool		in_recovery = RecoveryInProgress();
	int			status;

	/* It may have said that all is done, or why it ends. */
	while (listen_to_program() == HEARD_SOMETHING)
		;
	status = promoter_process_reap(&process);
	promoter_status_of_process(0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !in_recovery && !promoted_by_us)
		return;					/* there is nothing left to do for it */

	if (now_ms() - started_at >= STEADY_MS)
		back_off_ms = SHORTEST_BACK_OFF_MS;
	start_again_at = now_ms() + back_off_ms;
	if (WIFSIGNALED(status))
		ereport(WARNING, (errmsg("pg_promoter: the program was ended by signal %d: %s; it is started again in " INT64_FORMAT " ms",
								 WTERMSIG(status), pg_strsignal(WTERMSIG(status)), back_off_ms)));
	else
		ereport(WARNING, (errmsg("pg_promoter: the program ended with exit code %d; it is started again in " INT64_FORMAT " ms",
								 WEXITSTATUS(status), back_off_ms)));
	promoter_status_of_worker("starting", "nothing: the program is being started again; see the server log");
	back_off_ms = Min(back_off_ms * 2, LONGEST_BACK_OFF_MS);
}

static void
tick(void)
{
	int			limit = has_spoken ? SILENT_TICKS : SILENT_TICKS_AT_START;

	if (process.pid == 0 || ++silent_ticks < limit)
		return;
	if (process.output >= 0)
		ereport(WARNING, (errmsg("pg_promoter: the program with PID %d has not said a word for %d s: it is killed",
								 (int) process.pid, limit * TICK_MS / 1000)));
	promoter_process_kill(&process);
}

static void
kill_program_at_exit(int code, Datum arg)
{
	promoter_process_kill(&process);
}

static bool
has_work(void)
{
	return promoted_by_us || RecoveryInProgress();
}

/* Waits for a word, a signal or the next tick; ends with the postmaster. */
static void
wait_for_events(int64 *next_tick)
{
	int			events = WL_LATCH_SET | WL_EXIT_ON_PM_DEATH;
	bool		idle = process.pid == 0 && !has_work();
	int64		until = process.pid == 0 ? start_again_at : *next_tick;
	int			happened;

	/* One that was killed will be there to be reaped in no time, but nobody wakes us for it. */
	if (process.pid != 0 && process.output < 0)
		until = now_ms() + REAP_MS;
	if (!idle)
		events |= WL_TIMEOUT;
	if (process.output >= 0)
		events |= WL_SOCKET_READABLE;
	happened = WaitLatchOrSocket(MyLatch, events, process.output >= 0 ? process.output : PGINVALID_SOCKET,
								 Max(until - now_ms(), 0), PG_WAIT_EXTENSION);
	if (happened & WL_LATCH_SET)
		ResetLatch(MyLatch);
	if ((happened & WL_SOCKET_READABLE) && listen_to_program() == HEARD_THE_END)
		promoter_process_kill(&process);
	if (now_ms() >= *next_tick)
	{
		*next_tick = now_ms() + TICK_MS;
		tick();
	}
}

void
pg_promoter_main(Datum main_arg)
{
	int64		next_tick = now_ms() + TICK_MS;
	MemoryContext turn;

	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	BackgroundWorkerUnblockSignals();
	on_proc_exit(kill_program_at_exit, 0);

	MemoryContextSwitchTo(TopMemoryContext);
	turn = AllocSetContextCreate(TopMemoryContext, "pg_promoter", ALLOCSET_DEFAULT_SIZES);
	initStringInfo(&settings);
	MemoryContextSwitchTo(turn);
	read_settings();
	if (has_work())
		promoter_status_of_worker("starting", "nothing yet");

	/* Never ended with code 0: that would unregister the worker. */
	while (!ShutdownRequestPending)
	{
		CHECK_FOR_INTERRUPTS();
		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			ProcessConfigFile(PGC_SIGHUP);
			read_settings();
		}

		if (process.pid != 0 && promoter_process_has_ended(&process))
			program_has_ended();
		if (process.pid == 0 && has_work() && now_ms() >= start_again_at)
			start_program();
		else if (process.pid == 0 && !has_work())
			promoter_status_of_worker("idle", "nothing: this server is not a standby");

		wait_for_events(&next_tick);
		MemoryContextReset(turn);
	}
	proc_exit(1);
}
