-- migrate:up
CREATE OR REPLACE VIEW people AS SELECT id, name, nick, upper(name) AS shout FROM users;

-- migrate:down
DROP VIEW people;
CREATE VIEW people AS SELECT id, name, nick FROM users;
