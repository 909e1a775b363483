-- The function makes every build of an index over it long enough to be interrupted.
-- migrate:up
CREATE TABLE account (id bigint PRIMARY KEY, email text NOT NULL, balance bigint NOT NULL DEFAULT 0);
INSERT INTO account SELECT n, 'User' || n || '@Example.org', n % 97 FROM generate_series(1, 5000) n;
CREATE FUNCTION slow_lower(email text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF email LIKE '%000@Example.org' THEN
        PERFORM pg_sleep(0.02);
    END IF;
    RETURN lower(email);
END
$$;
SELECT pg_sleep(0.03);
INSERT INTO audit VALUES ('up 1');

-- migrate:down
INSERT INTO audit VALUES ('down 1');
DROP TABLE account;
SELECT pg_sleep(0.03);
DROP FUNCTION slow_lower(text);
