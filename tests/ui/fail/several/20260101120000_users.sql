-- migrate:change Users
-- migrate:up
CREATE TABLE users (id bigint);
