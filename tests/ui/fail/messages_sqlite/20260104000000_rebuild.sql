-- migrate:transaction off
-- migrate:irreversible "x"
-- migrate:up
CREATE TABLE new (a);
DROP TABLE t0;
ALTER TABLE new RENAME TO t0;
VACUUM;
