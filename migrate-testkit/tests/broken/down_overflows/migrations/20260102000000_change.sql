-- migrate:up
ALTER TABLE prices ALTER COLUMN amount TYPE integer;

-- migrate:down
ALTER TABLE prices ALTER COLUMN amount TYPE numeric(10,2);
