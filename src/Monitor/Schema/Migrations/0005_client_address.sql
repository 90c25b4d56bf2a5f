-- Where applications find a node, if elsewhere than the other nodes do. Beside the table of nodes, which has the columns of 2.0. Without a foreign key,
-- so that a TRUNCATE of the nodes stays possible; ids are never used again, so a row that is left over harms nobody.
create table pgautofailover.client_address
(
    nodeid     bigint not null primary key,
    clienthost text,
    clientport int,
    constraint client_port_is_one check (clientport between 1 and 65535),
    constraint client_address_says_something check (clienthost is not null or clientport is not null)
);
comment on table pgautofailover.client_address is 'What the URIs of formations have in place of a node''s own host and port, where they are not null.';
