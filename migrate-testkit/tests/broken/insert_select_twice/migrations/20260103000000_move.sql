-- migrate:change handle
-- migrate:phase migrate
-- migrate:up
INSERT INTO handles SELECT id, name FROM users;

-- migrate:verify
SELECT count(*) FROM users WHERE id NOT IN (SELECT user_id FROM handles);
