-- migrate:up
GRANT SELECT ON users TO PUBLIC;

-- migrate:down
REVOKE SELECT ON users FROM PUBLIC;
