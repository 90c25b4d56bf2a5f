/*
 * pg_promoter.h
 *		What the parts of the worker know of each other.
 *
 * The worker is as little C as PostgreSQL's headers demand: what watches the
 * primary and decides is the program pg_promoter, which the worker starts,
 * supervises, and talks to through two pipes.
 */
#ifndef PG_PROMOTER_H
#define PG_PROMOTER_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/timestamp.h"

/* settings.c */
extern bool promoter_dry_run;

extern void promoter_define_settings(void);
extern void promoter_write_settings(StringInfo out);
extern void promoter_append_escaped(StringInfo out, const char *value);

/* status.c */
typedef struct PromoterReport
{
	const char *state;
	const char *primary;
	const char *looks;
	const char *last_contact;	/* microseconds since 1970, or empty */
	const char *failures;
	const char *last_error;
	const char *behind;			/* bytes, or empty */
	const char *next_action;
	const char *witnesses;		/* JSON */
} PromoterReport;

extern void promoter_install_status_hooks(void);
extern void promoter_status_of_worker(const char *state, const char *next_action);
extern void promoter_status_of_process(pid_t pid);
extern void promoter_status_report(const PromoterReport *report);

/* process.c */
typedef struct PromoterProcess
{
	pid_t		pid;			/* 0: none */
	int			input;			/* what we write to, -1: closed */
	int			output;			/* what we read from, -1: closed */
} PromoterProcess;

extern bool promoter_process_start(PromoterProcess *process);
extern bool promoter_process_has_ended(const PromoterProcess *process);
extern int	promoter_process_reap(PromoterProcess *process);
extern void promoter_process_kill(PromoterProcess *process);

/* worker.c */
extern PGDLLEXPORT void pg_promoter_main(Datum main_arg);

#endif							/* PG_PROMOTER_H */
