-- migrate:up
UPDATE users SET name = name;

-- migrate:down
UPDATE users SET name = name;
