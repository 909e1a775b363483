-- migrate:change faults
-- migrate:sync people.a <-> b using (upper(a))
-- migrate:sync people.(a, b) <-> (b, c)
-- migrate:sync people.(a, b) -> c using (a, b)
-- migrate:up
ALTER TABLE people ADD COLUMN b TEXT;
-- migrate:down
ALTER TABLE people DROP COLUMN b;
