-- migrate:up
CREATE TABLE visits (id bigint PRIMARY KEY, changed_at datetime NULL);
-- migrate:down
DROP TABLE visits;
