-- migrate:change long_name
-- migrate:phase contract
-- migrate:up
ALTER TABLE users ADD COLUMN long_name VARCHAR(200);
UPDATE users SET long_name = name;
ALTER TABLE users DROP COLUMN name;

-- migrate:down
ALTER TABLE users ADD COLUMN name VARCHAR(50) NOT NULL DEFAULT '' AFTER id;
UPDATE users SET name = COALESCE(LEFT(long_name, 50), '');
ALTER TABLE users ALTER COLUMN name DROP DEFAULT;
ALTER TABLE users DROP COLUMN long_name;
