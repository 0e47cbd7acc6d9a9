-- What a key is restricted to, its rotation and its use; and who guesses keys. Runs on H2 and PostgreSQL.

alter table api_key add column created timestamp with time zone default current_timestamp not null;
-- the key before the last rotation, which works until that moment
alter table api_key add column previous_key_hash varchar(64) unique;
alter table api_key add column previous_until timestamp with time zone;
-- lists separated by commas; null: not restricted
alter table api_key add column networks varchar(5000);
alter table api_key add column environments varchar(40);
alter table api_key add column profiles varchar(100);
alter table api_key add column requests_per_day integer;

-- One row for each key and UTC day on which it was used.
create table api_key_use (
    id         varchar(47) not null primary key,
    api_key_id varchar(36) not null references api_key (id) on delete cascade,
    used_on    date        not null,
    requests   integer     not null,
    last_used  timestamp with time zone not null
);
create index api_key_use_by_key on api_key_use (api_key_id, used_on);

-- How many keys that open nothing came from one address within the window that began then.
create table guess (
    address      varchar(50) not null primary key,
    window_start timestamp with time zone not null,
    guesses      bigint      not null
);
create index guess_by_window on guess (window_start);
