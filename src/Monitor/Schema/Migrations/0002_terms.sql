-- The terms on which writes may have been acknowledged in a group: the node that acknowledged them, and a value of
-- synchronous_standby_names that was or may have been in force there. Who may replace a primary that is lost depends on it.
create table pgautofailover_private.terms
(
    formationid   text not null references pgautofailover.formation (formationid) on update cascade on delete cascade,
    groupid       int not null,
    place         int not null,
    leaderid      bigint not null,
    standby_names text not null,
    primary key (formationid, groupid, place)
);
comment on table pgautofailover_private.terms is 'On which terms writes may have been acknowledged.';
