-- migrate:up
DROP VIEW people;
CREATE VIEW people AS SELECT id, name FROM users;

-- migrate:down
DROP VIEW people;
CREATE VIEW people AS SELECT id, name, nick FROM users;
