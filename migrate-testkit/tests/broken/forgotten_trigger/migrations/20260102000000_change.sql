-- migrate:up
CREATE TRIGGER keep AFTER UPDATE ON users BEGIN SELECT 1; END;

-- migrate:down
UPDATE users SET name = name;
