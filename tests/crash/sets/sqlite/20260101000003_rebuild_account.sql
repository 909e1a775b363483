-- With foreign keys enforced, dropping the old table would take the orders along.
-- migrate:up
CREATE TABLE account_new (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    balance INTEGER NOT NULL DEFAULT 0 CHECK (balance >= 0)
);
INSERT INTO account_new SELECT id, lower(email), balance FROM account;
DROP TABLE account;
ALTER TABLE account_new RENAME TO account;
INSERT INTO audit VALUES ('up 3');

-- migrate:down
CREATE TABLE account_old (id INTEGER PRIMARY KEY, email TEXT NOT NULL, balance INTEGER NOT NULL DEFAULT 0);
INSERT INTO account_old SELECT id, email, balance FROM account;
DROP TABLE account;
ALTER TABLE account_old RENAME TO account;
INSERT INTO audit VALUES ('down 3');
