-- migrate:change visits
-- migrate:phase migrate
-- migrate:up
UPDATE visits SET pages = 9 WHERE pages > 9;
-- migrate:verify
SELECT count(*) FROM visits WHERE pages > 9;
