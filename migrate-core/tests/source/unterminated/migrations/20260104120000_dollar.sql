-- migrate:up
DO $body$ BEGIN END $boby$;
-- migrate:down
SELECT 1;
