-- migrate:up
CREATE TABLE e (a);
PRAGMA wal_checkpoint;
-- migrate:down
DROP TABLE e;
