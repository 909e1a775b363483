-- migrate:up
INSERT INTO t VALUES ('café');
-- migrate:down
DELETE FROM t;
