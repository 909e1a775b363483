-- migrate:up
ALTER TABLE users ALTER COLUMN name TYPE varchar(3) USING left(name, 3);

-- migrate:down
ALTER TABLE users ALTER COLUMN name TYPE varchar(50);
