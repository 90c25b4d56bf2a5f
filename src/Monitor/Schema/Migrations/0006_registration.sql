-- Which keeper speaks for a node: what it called its registration. A monitor that is made anew counts from 1 again, and a keeper of the one before must
-- not be taken for the node that has its number now. Rows outlive their nodes: a keeper whose node was removed here is told so, and one of which this
-- monitor has never heard is told that it is another's. Without a foreign key, so that a TRUNCATE of the nodes stays possible; a node that joins has its
-- row written again.
create table pgautofailover_private.registration
(
    registrationid text not null primary key,
    nodeid         bigint unique
);
comment on column pgautofailover_private.registration.nodeid is 'Null once the node was removed, or another keeper has taken its place.';

-- Ids up to this one were given out before there were names, or may have been since a backup that was restored: a keeper with such an id whose name is
-- unknown may have been removed, and is not another monitor's for certain.
alter table pgautofailover_private.home add column unnamed_until bigint not null default 0;
update pgautofailover_private.home
   set unnamed_until = (select case when is_called then last_value else 0 end from pgautofailover.node_nodeid_seq);
