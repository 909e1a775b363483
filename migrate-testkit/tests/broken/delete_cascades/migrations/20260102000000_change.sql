-- migrate:up
DELETE FROM users WHERE id < 0 OR id > 100;

-- migrate:down
INSERT INTO users SELECT 1 WHERE false;
