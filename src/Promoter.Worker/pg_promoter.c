/*
 * pg_promoter.c
 *		The module: its settings, its shared memory, its background worker.
 */
#include "pg_promoter.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "postmaster/bgworker.h"

PG_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

/* Should the worker itself fail, the postmaster starts it again after this. */
#define RESTART_SECONDS 5

void
_PG_init(void)
{
	BackgroundWorker worker;

	/* CREATE EXTENSION on a witness loads the module without any of this. */
	if (!process_shared_preload_libraries_in_progress)
		return;

	promoter_define_settings();
	promoter_install_status_hooks();

	memset(&worker, 0, sizeof(worker));
	snprintf(worker.bgw_name, BGW_MAXLEN, "pg_promoter");
	snprintf(worker.bgw_type, BGW_MAXLEN, "pg_promoter");
	snprintf(worker.bgw_library_name, sizeof(worker.bgw_library_name), "pg_promoter");
	snprintf(worker.bgw_function_name, BGW_MAXLEN, "pg_promoter_main");
	worker.bgw_flags = BGWORKER_SHMEM_ACCESS;
	/* On a standby: as soon as read-only queries are possible. */
	worker.bgw_start_time = BgWorkerStart_ConsistentState;
	worker.bgw_restart_time = RESTART_SECONDS;
	RegisterBackgroundWorker(&worker);
}
