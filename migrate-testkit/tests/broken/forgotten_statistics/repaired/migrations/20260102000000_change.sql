-- migrate:up
CREATE STATISTICS users_names ON name, nick FROM users;

-- migrate:down
DROP STATISTICS users_names;
