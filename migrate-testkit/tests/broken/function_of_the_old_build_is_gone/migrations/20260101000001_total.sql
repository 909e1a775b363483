-- migrate:up
CREATE FUNCTION total(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1';

-- migrate:down
DROP FUNCTION total(bigint);
