-- What administrators look for among all orders and certificates. Rows of certificate_order hold CSRs and chains: to
-- look through a hundred thousand of them takes ten seconds, through these about one.
-- Runs on H2 and PostgreSQL. H2 commits each statement: one that was cut off in the midst begins again.

drop table if exists order_summary;
create table order_summary (
    order_id    varchar(36)    not null primary key references certificate_order (id) on delete cascade,
    batch_id    varchar(36),
    environment varchar(20)    not null,
    names       varchar(30000) not null,
    serial      varchar(64),
    issued      timestamp with time zone,
    expires     timestamp with time zone,
    revoked     timestamp with time zone,
    replaced    boolean        not null
);
insert into order_summary (order_id, batch_id, environment, names, serial, issued, expires, revoked, replaced)
    select id, batch_id, environment, names, serial, issued, expires, revoked, replaced from certificate_order;
create index order_summary_by_issue on order_summary (issued, order_id);
create index order_summary_by_expiry on order_summary (expires);
create index if not exists order_batch_by_time on order_batch (created, id);
create index if not exists order_batch_by_status on order_batch (status, created, id);
