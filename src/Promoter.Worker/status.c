/*
 * status.c
 *		What the view pg_promoter_status shows: one report in shared memory.
 *
 * All texts are ASCII, so that they are valid in a database of any encoding.
 */
#include "pg_promoter.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/builtins.h"

#define TRANCHE "pg_promoter"
#define COLUMNS 12

typedef struct SharedStatus
{
	LWLock	   *lock;
	pid_t		worker_pid;
	pid_t		process_pid;
	int			process_starts;
	bool		reported;		/* by the program that runs now */
	bool		has_last_contact;
	bool		has_behind;
	TimestampTz last_contact;
	int64		looks;
	int			failures;
	int64		behind;
	char		state[32];
	char		primary[512];
	char		last_error[1024];
	char		next_action[1024];
	char		witnesses[4096];
} SharedStatus;

static SharedStatus *shared = NULL;
static shmem_startup_hook_type previous_startup_hook = NULL;
#if PG_VERSION_NUM >= 150000
static shmem_request_hook_type previous_request_hook = NULL;
#endif

PG_FUNCTION_INFO_V1(pg_promoter_status);

static void
request_memory(void)
{
#if PG_VERSION_NUM >= 150000
	if (previous_request_hook)
		previous_request_hook();
#endif
	RequestAddinShmemSpace(MAXALIGN(sizeof(SharedStatus)));
	RequestNamedLWLockTranche(TRANCHE, 1);
}

static void
make_memory(void)
{
	bool		found;

	if (previous_startup_hook)
		previous_startup_hook();

	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	shared = ShmemInitStruct("pg_promoter", sizeof(SharedStatus), &found);
	if (!found)
	{
		memset(shared, 0, sizeof(SharedStatus));
		shared->lock = &(GetNamedLWLockTranche(TRANCHE))->lock;
		strlcpy(shared->state, "starting", sizeof(shared->state));
		strlcpy(shared->witnesses, "[]", sizeof(shared->witnesses));
	}
	LWLockRelease(AddinShmemInitLock);
}

void
promoter_install_status_hooks(void)
{
#if PG_VERSION_NUM >= 150000
	previous_request_hook = shmem_request_hook;
	shmem_request_hook = request_memory;
#else
	request_memory();
#endif
	previous_startup_hook = shmem_startup_hook;
	shmem_startup_hook = make_memory;
}

/* What the worker says of itself while no program reports. */
void
promoter_status_of_worker(const char *state, const char *next_action)
{
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	shared->worker_pid = MyProcPid;
	strlcpy(shared->state, state, sizeof(shared->state));
	strlcpy(shared->next_action, next_action, sizeof(shared->next_action));
	LWLockRelease(shared->lock);
}

/* A program was started, or (0) has ended. What the last one reported stays to be seen. */
void
promoter_status_of_process(pid_t pid)
{
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	shared->process_pid = pid;
	if (pid != 0)
		shared->process_starts++;
	LWLockRelease(shared->lock);
}

static int64
number(const char *text)
{
	return (int64) strtoll(text, NULL, 10);
}

void
promoter_status_report(const PromoterReport *report)
{
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	shared->reported = true;
	shared->looks = number(report->looks);
	shared->has_last_contact = report->last_contact[0] != '\0';
	shared->last_contact = number(report->last_contact)
		- (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;
	shared->failures = (int) number(report->failures);
	shared->has_behind = report->behind[0] != '\0';
	shared->behind = number(report->behind);
	strlcpy(shared->state, report->state, sizeof(shared->state));
	strlcpy(shared->primary, report->primary, sizeof(shared->primary));
	strlcpy(shared->last_error, report->last_error, sizeof(shared->last_error));
	strlcpy(shared->next_action, report->next_action, sizeof(shared->next_action));
	/* Cut short, it would be no JSON any more; the program keeps it shorter. */
	if (strlen(report->witnesses) < sizeof(shared->witnesses))
		strlcpy(shared->witnesses, report->witnesses, sizeof(shared->witnesses));
	LWLockRelease(shared->lock);
}

/* A text column; empty is null. */
static void
put_text(Datum *values, bool *nulls, int column, const char *text)
{
	nulls[column] = text[0] == '\0';
	if (!nulls[column])
		values[column] = CStringGetTextDatum(text);
}

static void
put_int(Datum *values, bool *nulls, int column, int value, bool known)
{
	nulls[column] = !known;
	values[column] = Int32GetDatum(value);
}

Datum
pg_promoter_status(PG_FUNCTION_ARGS)
{
	SharedStatus seen;
	TupleDesc	description;
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS];

	if (shared == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("pg_promoter does not run in this server"),
				 errhint("Add it to shared_preload_libraries and restart the server.")));
	if (get_call_result_type(fcinfo, NULL, &description) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");

	LWLockAcquire(shared->lock, LW_SHARED);
	seen = *shared;
	LWLockRelease(shared->lock);

	memset(nulls, 0, sizeof(nulls));
	put_int(values, nulls, 0, (int) seen.worker_pid, seen.worker_pid != 0);
	put_int(values, nulls, 1, (int) seen.process_pid, seen.process_pid != 0);
	put_int(values, nulls, 2, seen.process_starts, true);
	put_text(values, nulls, 3, seen.state);
	put_text(values, nulls, 4, seen.primary);
	values[5] = Int64GetDatum(seen.looks);
	values[6] = TimestampTzGetDatum(seen.last_contact);
	nulls[6] = !seen.has_last_contact;
	put_int(values, nulls, 7, seen.failures, seen.reported);
	put_text(values, nulls, 8, seen.last_error);
	values[9] = Int64GetDatum(seen.behind);
	nulls[9] = !seen.has_behind;
	put_text(values, nulls, 10, seen.next_action);
	put_text(values, nulls, 11, seen.witnesses);

	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(description), values, nulls)));
}
