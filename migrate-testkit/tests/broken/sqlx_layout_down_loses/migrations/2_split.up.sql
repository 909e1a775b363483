ALTER TABLE users ADD COLUMN first TEXT;
UPDATE users SET first = substr(name, 1, 3);
ALTER TABLE users DROP COLUMN name;
