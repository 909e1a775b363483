-- migrate:squash 20251231120000_people digest=abababababababababababababababababababababababababababababababab
-- migrate:up
CREATE TABLE pets (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE pets;
