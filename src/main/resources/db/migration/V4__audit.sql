-- What was done, by whom and when: one chain of entries for all nodes, each of which holds the hash of the one before.

create table audit_entry (
    entry_number  bigint       not null primary key,
    moment        timestamp with time zone not null,
    node          varchar(100) not null,
    action        varchar(40)  not null,
    outcome       varchar(20)  not null,
    actor_kind    varchar(20)  not null,
    actor_id      varchar(100),
    actor_name    varchar(255),
    address       varchar(100),
    request_id    varchar(100),
    -- separated by commas
    names         varchar(30000),
    serial        varchar(64),
    detail        varchar(4000),
    previous_hash varchar(64)  not null,
    hash          varchar(64)  not null
);
create index audit_entry_by_moment on audit_entry (moment);
create index audit_entry_by_actor on audit_entry (actor_id, entry_number);
create index audit_entry_by_request on audit_entry (request_id);
create index audit_entry_by_serial on audit_entry (serial);

-- Where the chain ends: locked while an entry is appended. The key of all hashes is sealed under the master key.
create table audit_head (
    id          varchar(10) not null primary key,
    last_number bigint      not null,
    last_hash   varchar(64) not null,
    seal        varchar(64),
    sealed_key  varchar(1000)
);
insert into audit_head (id, last_number, last_hash)
values ('chain', 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- Who made the request, for the entries about what became of it.
alter table order_batch add column caller_name varchar(255);
alter table order_batch add column caller_address varchar(100);
