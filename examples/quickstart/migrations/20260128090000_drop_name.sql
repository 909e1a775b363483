-- No build reads names any more: removed once no running build needs them, a day after, and approved by a person.
-- migrate:change       display_name
-- migrate:phase        contract
-- migrate:requires     20260113090000
-- migrate:unsync       users.name <-> users.display_name
-- migrate:irreversible "names stand in display_name"
-- migrate:up
DROP INDEX users_name;
ALTER TABLE users DROP COLUMN name;
