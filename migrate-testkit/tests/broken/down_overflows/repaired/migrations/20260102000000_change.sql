-- migrate:up
ALTER TABLE prices ALTER COLUMN amount TYPE numeric(12,2);

-- migrate:down
ALTER TABLE prices ALTER COLUMN amount TYPE numeric(10,2);
