-- migrate:up
CREATE TABLE users (
    tenant bigint,
    id bigint NOT NULL UNIQUE,
    username text,
    cents bigint,
    euros numeric,
    PRIMARY KEY (tenant, id)
);
-- migrate:down
DROP TABLE users;
