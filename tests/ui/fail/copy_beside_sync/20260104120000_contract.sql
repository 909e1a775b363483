-- migrate:change addresses
-- migrate:phase contract
-- migrate:irreversible "the addresses stand in a table of their own"
-- migrate:unsync users.address <-> addresses.street
-- migrate:up
ALTER TABLE users DROP COLUMN address;
