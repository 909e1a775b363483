-- migrate:up
CREATE TRIGGER keep AFTER UPDATE ON users BEGIN SELECT 1; END;

-- migrate:down
DROP TRIGGER keep;
