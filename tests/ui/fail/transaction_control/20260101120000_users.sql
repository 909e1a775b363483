-- migrate:up
BEGIN;
CREATE TABLE users (id bigint);
COMMIT;
-- migrate:down
DROP TABLE users;
