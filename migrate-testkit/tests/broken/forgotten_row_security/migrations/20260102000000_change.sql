-- migrate:up
ALTER TABLE users ENABLE ROW LEVEL SECURITY;

-- migrate:down
UPDATE users SET name = name;
