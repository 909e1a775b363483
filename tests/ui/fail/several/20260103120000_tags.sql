-- migrate:up
	SELECT 'größer'; COMMIT;
-- migrate:down
SELECT 1;
