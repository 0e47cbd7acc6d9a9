-- What has failed can be tried again, as long as its CSR is there; the keys of what failed before are erased already.
-- Old records are looked for by their end, and what replaces them by what it replaces.
-- Runs on H2 and PostgreSQL.

update certificate_order set csr = null where status = 'FAILED';
create index order_batch_by_finish on order_batch (finished);
create index certificate_order_by_replaced on certificate_order (replaces);
