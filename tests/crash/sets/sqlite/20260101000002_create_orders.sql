-- migrate:up
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    state TEXT NOT NULL DEFAULT 'new'
);
INSERT INTO orders (id, account_id) SELECT id, id FROM account WHERE id <= 10000;
INSERT INTO audit VALUES ('up 2');

-- migrate:down
DROP TABLE orders;
INSERT INTO audit VALUES ('down 2');
