-- migrate:irreversible "the default before it is not known"
-- migrate:up
ALTER TABLE users ALTER COLUMN state SET DEFAULT 'fresh';
