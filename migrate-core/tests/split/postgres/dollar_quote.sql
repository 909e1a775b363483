DO $$ BEGIN PERFORM 1; END $$;
CREATE FUNCTION f_dollar() RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
  RETURN $$a;b$$ || '$body';
END
$body$;
SELECT 1;
