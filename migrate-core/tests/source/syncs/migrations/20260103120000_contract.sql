-- migrate:change names
-- migrate:phase contract
-- migrate:unsync people.(first, last) <-> full
-- migrate:unsync people.first <-> full
-- migrate:irreversible "the parts are gone"
-- migrate:up
ALTER TABLE people DROP COLUMN first;
