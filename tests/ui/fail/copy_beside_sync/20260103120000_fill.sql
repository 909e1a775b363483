-- migrate:change addresses
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
INSERT INTO addresses (user_id, street) SELECT id, address FROM users WHERE address IS NOT NULL;
