-- migrate:up
BEGIN;
  INSERT INTO a VALUES (1);
COMMIT;
-- migrate:down
DELETE FROM a;
