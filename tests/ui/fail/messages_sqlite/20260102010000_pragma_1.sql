-- migrate:up
CREATE TABLE t1 (a);
PRAGMA journal_mode = WAL;
-- migrate:down
DROP TABLE t1;
