-- migrate:change y
-- migrate:phase contract
-- migrate:requires 20260104120001
-- migrate:irreversible "gone"
-- migrate:up
DROP TABLE c;
