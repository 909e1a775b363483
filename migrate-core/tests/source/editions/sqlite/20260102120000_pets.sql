-- migrate:change   animals
-- migrate:up
CREATE TABLE pets (id INTEGER PRIMARY KEY);
-- migrate:down
DROP TABLE pets;
