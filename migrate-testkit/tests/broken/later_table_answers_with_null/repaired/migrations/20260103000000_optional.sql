-- migrate:irreversible "what was no note is empty"
-- migrate:up
UPDATE orders SET note = '' WHERE id % 2 = 0;
