-- migrate:change Rename Username
-- migrate:phase expnad
-- migrate:up
CREATE TABLE a (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE a;
