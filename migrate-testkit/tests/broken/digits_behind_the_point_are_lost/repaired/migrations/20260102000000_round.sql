-- migrate:up
ALTER TABLE prices ALTER COLUMN amount TYPE DECIMAL(14,6);
-- migrate:down
ALTER TABLE prices ALTER COLUMN amount TYPE DECIMAL(12,6);
