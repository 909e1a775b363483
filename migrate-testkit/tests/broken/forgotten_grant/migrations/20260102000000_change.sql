-- migrate:up
GRANT SELECT ON users TO PUBLIC;

-- migrate:down
UPDATE users SET name = name;
