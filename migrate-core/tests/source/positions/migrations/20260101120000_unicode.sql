-- migrate:up
/* größer */ INSERT INTO t VALUES ('ümläut €'); COMMIT;
-- migrate:down
SELECT 1;
