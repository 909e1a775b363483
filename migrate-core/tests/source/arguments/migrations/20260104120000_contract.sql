-- migrate:change x
-- migrate:phase contract
-- migrate:requires soon
-- migrate:soak 24
-- migrate:grace 0 releases
-- migrate:irreversible because
-- migrate:unsync a.b <-> c.
-- migrate:allow drop_column "x
-- migrate:up
ALTER TABLE users DROP COLUMN a;
