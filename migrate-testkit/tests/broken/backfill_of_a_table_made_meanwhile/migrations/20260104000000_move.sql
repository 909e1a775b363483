-- migrate:change visits
-- migrate:phase migrate
-- migrate:up
UPDATE visits SET pages = pages + 1 WHERE pages < 9;
-- migrate:verify
SELECT count(*) FROM visits WHERE pages > 9;
