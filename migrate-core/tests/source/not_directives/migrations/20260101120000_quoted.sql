-- migrate:change quoted
-- a comment that speaks of migrate:down
-- migrate:up
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  -- migrate:down
  RETURN 1;
END
$$;
/*
-- migrate:down
*/
INSERT INTO notes VALUES ('
-- migrate:down
');
-- migrate:allow drop-table "statement-level"
DROP TABLE old;
-- migrate:down
DROP FUNCTION f();
