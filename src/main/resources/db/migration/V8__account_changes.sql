-- What the CA was told of an account last; and the key that it is to get next, until the CA is known to have it.

alter table acme_account add column contact varchar(1000);
alter table acme_account add column next_public_key varchar(1000);
alter table acme_account add column next_sealed_private_key varchar(2000);
alter table acme_account add column key_changed timestamp with time zone;
