-- Which program serves: its keepers compare it with their own.
alter table pgautofailover_private.service add column program_version text not null default '';
