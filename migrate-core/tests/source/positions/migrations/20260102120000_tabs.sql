-- migrate:up
	SELECT 1;	ROLLBACK;
-- migrate:down
SELECT 1;
