/*
 * settings.c
 *		The settings, and how the program is told of them.
 *
 * PostgreSQL checks types, units and ranges; what a connection string or a
 * list of witnesses means is checked by the program, which says so in the log
 * and promotes nobody until it is put right.
 */
#include "pg_promoter.h"

#include <limits.h>

#include "utils/guc.h"

/* Not in utils/guc.h before version 15; 13 and 14 know the same one by another name. */
#if PG_VERSION_NUM < 150000
#define MarkGUCPrefixReserved(prefix) EmitWarningsOnPlaceholders(prefix)
#endif

/* What holds a password, or is run by a shell, is nobody's but a superuser's. */
#define SECRET_FLAGS (GUC_SUPERUSER_ONLY)

#define DEFAULT_KEEP_ALIVE_S 5.0
#define SHORTEST_KEEP_ALIVE_S 0.01
#define LONGEST_WAIT_MS (60 * 60 * 1000)

static char *primary_conninfo;
static double keep_alive_s;
static double keepalive_time_s;
static int	keepalive_count;
static int	connect_timeout_ms;
static int	statement_timeout_ms;
static char *witnesses;
static int	witness_quorum;
static int	max_lag_kb;
static char *fence_command;
static char *trigger_command;
static int	command_timeout_ms;
bool		promoter_dry_run;

static void
define_text(const char *name, const char *description, const char *detail, char **variable, int flags)
{
	DefineCustomStringVariable(name, description, detail, variable, "", PGC_SIGHUP, flags, NULL, NULL, NULL);
}

static void
define_time_ms(const char *name, const char *description, const char *detail, int *variable, int standard)
{
	DefineCustomIntVariable(name, description, detail, variable, standard, 100, LONGEST_WAIT_MS,
							PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
}

void
promoter_define_settings(void)
{
	define_text("pg_promoter.primary_conninfo",
				"Connection string by which the primary is watched.",
				"Empty: the server's own primary_conninfo, over a replication connection.",
				&primary_conninfo, SECRET_FLAGS);

	/* Seconds, and fractions of them, as a bare number always meant seconds. */
	DefineCustomRealVariable("pg_promoter.keep_alive",
							 "Time between two looks at the primary.", NULL,
							 &keep_alive_s, DEFAULT_KEEP_ALIVE_S, SHORTEST_KEEP_ALIVE_S, 3600.0,
							 PGC_SIGHUP, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomRealVariable("pg_promoter.keepalive_time",
							 "Older name of pg_promoter.keep_alive.",
							 "When it is set, it counts, and pg_promoter.keep_alive does not. 0: not set.",
							 &keepalive_time_s, 0.0, 0.0, 3600.0,
							 PGC_SIGHUP, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("pg_promoter.keepalive_count",
							"How many looks in a row must find the primary gone before the standby is promoted.", NULL,
							&keepalive_count, 3, 1, 1000,
							PGC_SIGHUP, 0, NULL, NULL, NULL);
	define_time_ms("pg_promoter.connect_timeout",
				   "How long one look waits for a connection to the primary or to a witness.", NULL,
				   &connect_timeout_ms, 2000);
	define_time_ms("pg_promoter.statement_timeout",
				   "How long one look waits for the answer on a connection.", NULL,
				   &statement_timeout_ms, 2000);

	define_text("pg_promoter.witnesses",
				"Servers that must agree that the primary is gone before the standby is promoted.",
				"Connection strings or host:port, separated by semicolons. Each needs the extension pg_promoter.",
				&witnesses, SECRET_FLAGS);
	DefineCustomIntVariable("pg_promoter.witness_quorum",
							"How many witnesses must agree that the primary is gone.",
							"0: more than half of them. One that sees the primary prevents the promotion in any case.",
							&witness_quorum, 0, 0, 16,
							PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("pg_promoter.max_lag",
							"Do not promote a standby that is behind the last known position of its primary by more than this.",
							"-1: however far behind it is.",
							&max_lag_kb, -1, -1, INT_MAX,
							PGC_SIGHUP, GUC_UNIT_KB, NULL, NULL, NULL);
	define_text("pg_promoter.fence_command",
				"Shell command that makes sure that the old primary is off; run before the promotion, which it prevents by failing.", NULL,
				&fence_command, SECRET_FLAGS);
	define_text("pg_promoter.trigger_command",
				"Shell command that is run after the promotion.", NULL,
				&trigger_command, SECRET_FLAGS);
	define_time_ms("pg_promoter.command_timeout",
				   "How long fence_command and trigger_command may run.", NULL,
				   &command_timeout_ms, 30000);
	DefineCustomBoolVariable("pg_promoter.dry_run",
							 "Watch and report, but neither fence nor promote.", NULL,
							 &promoter_dry_run, false,
							 PGC_SIGHUP, 0, NULL, NULL, NULL);

	MarkGUCPrefixReserved("pg_promoter");
}

/* Appends a value with what separates fields and lines taken out of it. */
void
promoter_append_escaped(StringInfo out, const char *value)
{
	for (; value != NULL && *value != '\0'; value++)
	{
		switch (*value)
		{
			case '\\':
				appendStringInfoString(out, "\\\\");
				break;
			case '\t':
				appendStringInfoString(out, "\\t");
				break;
			case '\n':
				appendStringInfoString(out, "\\n");
				break;
			default:
				appendStringInfoChar(out, *value);
		}
	}
}

static void
write_text(StringInfo out, const char *name, const char *value)
{
	appendStringInfo(out, "setting\t%s\t", name);
	promoter_append_escaped(out, value);
	appendStringInfoChar(out, '\n');
}

static void
write_number(StringInfo out, const char *name, int64 value)
{
	appendStringInfo(out, "setting\t%s\t" INT64_FORMAT "\n", name, value);
}

void
promoter_write_settings(StringInfo out)
{
	bool		own = primary_conninfo == NULL || primary_conninfo[0] == '\0';
	double		interval = keepalive_time_s > 0 ? Max(keepalive_time_s, SHORTEST_KEEP_ALIVE_S) : keep_alive_s;

	write_text(out, "primary_conninfo", own ? GetConfigOption("primary_conninfo", true, false) : primary_conninfo);
	/* The server's own is made for a replication connection: its role and its HBA rule may allow nothing else. */
	write_number(out, "replication", own);
	write_number(out, "keep_alive_ms", (int64) (interval * 1000.0 + 0.5));
	write_number(out, "keepalive_count", keepalive_count);
	write_number(out, "connect_timeout_ms", connect_timeout_ms);
	write_number(out, "statement_timeout_ms", statement_timeout_ms);
	write_text(out, "witnesses", witnesses);
	write_number(out, "witness_quorum", witness_quorum);
	write_number(out, "max_lag_bytes", max_lag_kb < 0 ? -1 : (int64) max_lag_kb * 1024);
	write_text(out, "fence_command", fence_command);
	write_text(out, "trigger_command", trigger_command);
	write_number(out, "command_timeout_ms", command_timeout_ms);
	write_number(out, "dry_run", promoter_dry_run);
}
