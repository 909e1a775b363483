-- migrate:up
CREATE TABLE d (a);
DETACH x;
-- migrate:down
DROP TABLE d;
