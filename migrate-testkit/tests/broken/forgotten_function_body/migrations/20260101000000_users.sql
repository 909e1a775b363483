-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);
CREATE FUNCTION shout(text) RETURNS text LANGUAGE sql AS 'SELECT upper($1)';

-- migrate:down
DROP FUNCTION shout(text);
DROP TABLE users;
