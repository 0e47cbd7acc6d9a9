-- How the CA took the proofs of each domain lately; and keys that were removed. Runs on H2 and PostgreSQL.

create table domain_validation (
    domain       varchar(255) not null primary key,
    last_valid   timestamp with time zone,
    last_invalid timestamp with time zone,
    -- what the CA said then
    detail       varchar(1000)
);

-- Orders refer to the key that they were made with, so it stays; it opens nothing any more.
alter table api_key add column removed timestamp with time zone;
