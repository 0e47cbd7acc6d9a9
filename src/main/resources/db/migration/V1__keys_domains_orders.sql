-- Runs on H2 and PostgreSQL. Ids are random UUIDs made by the service.

create table domain (
    id         varchar(36)  not null primary key,
    name       varchar(255) not null unique,
    subdomains boolean      not null,
    challenge  varchar(50)  not null,
    provider   varchar(100),
    version    bigint       not null
);

create table api_key (
    id       varchar(36)  not null primary key,
    label    varchar(100) not null unique,
    key_hash varchar(64)  not null unique,
    enabled  boolean      not null,
    expires  timestamp with time zone,
    version  bigint       not null
);

create table api_key_domain (
    api_key_id varchar(36) not null references api_key (id),
    domain_id  varchar(36) not null references domain (id),
    primary key (api_key_id, domain_id)
);
create index api_key_domain_by_domain on api_key_domain (domain_id);

create table dns_provider (
    name            varchar(100)    not null primary key,
    type            varchar(50)     not null,
    sealed_settings varchar(100000) not null,
    version         bigint          not null
);

create table http_challenge (
    token             varchar(255)  not null primary key,
    key_authorization varchar(1000) not null,
    expires           timestamp with time zone not null
);
create index http_challenge_by_expiry on http_challenge (expires);

create table acme_account (
    id                 varchar(36)   not null primary key,
    environment        varchar(20)   not null,
    directory_url      varchar(1000) not null,
    account_url        varchar(1000),
    public_key         varchar(1000) not null,
    sealed_private_key varchar(2000) not null,
    version            bigint        not null,
    unique (environment, directory_url)
);

create table certificate_order (
    id          varchar(36)    not null primary key,
    request_id  varchar(36)    not null,
    api_key_id  varchar(36)    not null references api_key (id),
    environment varchar(20)    not null,
    profile     varchar(20)    not null,
    key_type    varchar(20)    not null,
    names       varchar(30000) not null,
    status      varchar(20)    not null,
    order_url   varchar(1000),
    csr         varchar(100000),
    chain       varchar(100000),
    problems    varchar(100000),
    created     timestamp with time zone not null,
    updated     timestamp with time zone not null,
    version     bigint         not null
);
create index certificate_order_by_key on certificate_order (api_key_id, created);
create index certificate_order_by_status on certificate_order (status, updated);
