-- migrate:up
CREATE TABLE t0 (a);
PRAGMA foreign_keys = OFF;
-- migrate:down
DROP TABLE t0;
