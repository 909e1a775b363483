-- migrate:up
DROP FUNCTION total(bigint);
CREATE FUNCTION total(bigint, int) RETURNS bigint LANGUAGE sql AS 'SELECT $1';

-- migrate:down
DROP FUNCTION total(bigint, int);
CREATE FUNCTION total(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1';
