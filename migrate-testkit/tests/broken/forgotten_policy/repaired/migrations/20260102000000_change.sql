-- migrate:up
CREATE POLICY own ON users USING (name = current_user);

-- migrate:down
DROP POLICY own ON users;
