-- migrate:up
CREATE TABLE t2 (a);
PRAGMA temp_store = 2;
-- migrate:down
DROP TABLE t2;
