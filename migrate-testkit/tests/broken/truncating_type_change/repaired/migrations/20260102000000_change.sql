-- migrate:up
ALTER TABLE users ALTER COLUMN name TYPE varchar(60);

-- migrate:down
ALTER TABLE users ALTER COLUMN name TYPE varchar(50);
