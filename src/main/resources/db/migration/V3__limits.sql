-- One row for each thing that a CA limits and that was counted lately; an id names environment, limit and thing.

create table rate_limit (
    id          varchar(300) not null primary key,
    environment varchar(20)  not null,
    kind        varchar(30)  not null,
    subject     varchar(300) not null,
    full_at     timestamp with time zone not null,
    counted     timestamp with time zone not null,
    expires     timestamp with time zone not null
);
create index rate_limit_by_environment on rate_limit (environment, full_at);
create index rate_limit_by_expiry on rate_limit (expires);

-- Locked while something is counted, so that nodes count one after the other. Never changed.
create table rate_limit_lock (
    environment varchar(20) not null primary key
);
insert into rate_limit_lock values ('STAGING'), ('PRODUCTION');
