-- migrate:up
CREATE TABLE users (id bigint);
