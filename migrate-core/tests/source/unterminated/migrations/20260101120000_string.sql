-- migrate:up
INSERT INTO t VALUES ('it's');
-- migrate:down
DELETE FROM t;
