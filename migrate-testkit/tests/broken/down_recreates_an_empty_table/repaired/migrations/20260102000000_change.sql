-- migrate:up
ALTER TABLE users RENAME TO old_users;

-- migrate:down
ALTER TABLE old_users RENAME TO users;
