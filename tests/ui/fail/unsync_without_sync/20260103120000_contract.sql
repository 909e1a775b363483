-- migrate:phase contract
-- migrate:change mail
-- migrate:unsync users.email <-> users.mail
-- migrate:unsync users.name <-> users.full_name
-- migrate:irreversible "nobody needs it"
-- migrate:up
ALTER TABLE users ALTER COLUMN mail SET NOT NULL;
