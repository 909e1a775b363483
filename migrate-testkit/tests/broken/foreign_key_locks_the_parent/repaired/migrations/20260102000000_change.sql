-- migrate:up
CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint);

-- migrate:down
DROP TABLE posts;
