-- migrate:change names
-- migrate:sync people.(first, last) <-> full using (first || ' ' || last) <- using (part("full", 1), part("full", 2))
-- migrate:up
ALTER TABLE people ADD COLUMN "full" TEXT;
-- migrate:down
ALTER TABLE people DROP COLUMN "full";
