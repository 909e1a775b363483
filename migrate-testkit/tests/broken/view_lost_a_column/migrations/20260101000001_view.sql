-- migrate:up
CREATE VIEW people AS SELECT id, name, nick FROM users;

-- migrate:down
DROP VIEW people;
