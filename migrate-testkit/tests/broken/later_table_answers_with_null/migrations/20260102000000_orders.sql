-- migrate:up
CREATE TABLE orders (id int PRIMARY KEY, buyer int NOT NULL REFERENCES users, note text NOT NULL);
-- migrate:down
DROP TABLE orders;
