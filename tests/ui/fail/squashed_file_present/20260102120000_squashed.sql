-- migrate:squash 20260101120000_users digest=abababababababababababababababababababababababababababababababab
-- migrate:up
CREATE TABLE pets (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE pets;
