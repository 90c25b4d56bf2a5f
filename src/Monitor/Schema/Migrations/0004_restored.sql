-- Where this database lives, so that the service sees when it has been restored from a backup. Rows of a dump are written again, by another
-- transaction; a base backup leaves its label behind.
create table pgautofailover_private.home
(
    systemid     bigint not null,
    xid          text not null,
    backup_label text not null,
    one_row      bool not null primary key default true check (one_row)
);
comment on table pgautofailover_private.home is 'Differs from what is found when the database was restored from a backup.';

insert into pgautofailover_private.home (systemid, xid, backup_label)
select system_identifier, pg_current_xact_id()::xid::text, coalesce(pg_read_file('backup_label.old', 0, 65536, true), '')
  from pg_control_system();

-- Groups whose rows are those of a backup, and whose nodes have not all been heard of since it was restored.
create table pgautofailover_private.restored_group
(
    formationid text not null references pgautofailover.formation (formationid) on update cascade on delete cascade,
    groupid     int not null,
    primary key (formationid, groupid)
);
comment on table pgautofailover_private.restored_group is 'Nothing is decided for these before their nodes have reported.';
