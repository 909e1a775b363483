ALTER TABLE users ADD COLUMN name TEXT NOT NULL DEFAULT '';
UPDATE users SET name = coalesce(first, '');
ALTER TABLE users DROP COLUMN first;
