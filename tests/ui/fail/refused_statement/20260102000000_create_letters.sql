-- migrate:up
CREATE TABLE letters (id bigint PRIMARY KEY, mail text REFERENCES users (mail));
-- migrate:down
DROP TABLE letters;
