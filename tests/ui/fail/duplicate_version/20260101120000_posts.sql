-- migrate:up
CREATE TABLE posts (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE posts;
