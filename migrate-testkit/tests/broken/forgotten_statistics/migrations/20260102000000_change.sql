-- migrate:up
CREATE STATISTICS users_names ON name, nick FROM users;

-- migrate:down
UPDATE users SET name = name;
