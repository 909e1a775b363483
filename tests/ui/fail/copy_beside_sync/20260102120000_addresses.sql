-- migrate:change addresses
-- migrate:sync users.address <-> addresses.street on (users.id = addresses.user_id)
-- migrate:up
CREATE TABLE addresses (user_id BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE, street TEXT);
-- migrate:down
DROP TABLE addresses;
