-- migrate:change x
-- migrate:phase migrate
-- migrate:up
UPDATE a SET b = c;
-- migrate:verify
-- migrate:verify zero
SELECT 0; SELECT 1;
