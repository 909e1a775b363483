-- migrate:up
INSERT INTO users VALUES ('it's');
-- migrate:down
DELETE FROM users;
