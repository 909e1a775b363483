-- migrate:up
CREATE TABLE g (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE g;
