-- migrate:up
CREATE POLICY own ON users USING (name = current_user);

-- migrate:down
UPDATE users SET name = name;
