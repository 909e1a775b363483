-- migrate:irreversible "what was no note is NULL"
-- migrate:up
ALTER TABLE orders ALTER COLUMN note DROP NOT NULL;
UPDATE orders SET note = NULL WHERE id % 2 = 0;
