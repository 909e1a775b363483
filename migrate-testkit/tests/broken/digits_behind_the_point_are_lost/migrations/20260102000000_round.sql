-- migrate:up
ALTER TABLE prices ALTER COLUMN amount TYPE DECIMAL(10,2);
-- migrate:down
ALTER TABLE prices ALTER COLUMN amount TYPE DECIMAL(10,4);
