-- migrate:up
CREATE TABLE h (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE h;
