-- Requests are kept, as batches of orders, so that what was issued reaches its caller whatever fails meanwhile.
-- Runs on H2 and PostgreSQL.

create table order_batch (
    id              varchar(36)  not null primary key,
    request_id      varchar(36)  not null,
    api_key_id      varchar(36)  not null references api_key (id),
    endpoint        varchar(10)  not null,
    -- what makes two requests ask for the same
    fingerprint     varchar(64)  not null,
    -- key and fingerprint, as long as the same request of the same key joins this batch
    claim           varchar(101) unique,
    status          varchar(20)  not null,
    -- whether the result outlives its delivery
    kept            boolean      not null,
    -- whether it is handed out again until it needs renewal
    reusable        boolean      not null,
    -- whether other nodes may be about to read the result
    joined          boolean      not null,
    sealed_options  varchar(100000),
    failure_status  integer,
    problems        varchar(100000),
    retry_at        timestamp with time zone,
    lease_owner     varchar(36),
    lease_until     timestamp with time zone,
    created         timestamp with time zone not null,
    finished        timestamp with time zone,
    delivered       timestamp with time zone,
    erase_at        timestamp with time zone
);
create index order_batch_by_lease on order_batch (lease_until);
create index order_batch_by_erasure on order_batch (erase_at);
create index order_batch_by_fingerprint on order_batch (api_key_id, fingerprint, created);

create table idempotent_request (
    id         varchar(101) not null primary key,
    body_hash  varchar(64)  not null,
    batch_id   varchar(36)  not null references order_batch (id),
    expires    timestamp with time zone not null
);
create index idempotent_request_by_batch on idempotent_request (batch_id);
create index idempotent_request_by_expiry on idempotent_request (expires);

alter table certificate_order add column batch_id varchar(36) references order_batch (id);
alter table certificate_order add column number_in_batch integer default 0 not null;
-- the names again, with how each is proven and how far it is
alter table certificate_order add column progress varchar(200000);
alter table certificate_order add column sealed_private_key varchar(20000);
-- the sorted names' SHA-256
alter table certificate_order add column name_set varchar(64);
alter table certificate_order add column public_key varchar(4000);
alter table certificate_order add column serial varchar(64);
alter table certificate_order add column issued timestamp with time zone;
alter table certificate_order add column expires timestamp with time zone;
alter table certificate_order add column renew_at timestamp with time zone;
-- when the CA was asked last about the renewal, and when it is asked next
alter table certificate_order add column renewal_checked timestamp with time zone;
alter table certificate_order add column renewal_check timestamp with time zone;
alter table certificate_order add column revoked timestamp with time zone;
-- the order whose certificate it replaces; and whether another one replaces its own
alter table certificate_order add column replaces varchar(36);
alter table certificate_order add column renewal boolean default false not null;
alter table certificate_order add column replaced boolean default false not null;
create index certificate_order_by_batch on certificate_order (batch_id, number_in_batch);
create index certificate_order_by_names on certificate_order (environment, name_set, issued);
create index certificate_order_by_serial on certificate_order (serial);
create index certificate_order_by_issue on certificate_order (api_key_id, issued, id);
create index certificate_order_by_renewal_check on certificate_order (renewal_check);
