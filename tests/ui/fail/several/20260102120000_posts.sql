-- migrate:up
CREATE TABLE posts (id bigint);
