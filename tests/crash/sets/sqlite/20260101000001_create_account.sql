-- migrate:up
CREATE TABLE account (id INTEGER PRIMARY KEY, email TEXT NOT NULL, balance INTEGER NOT NULL DEFAULT 0);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT INTO account SELECT i, 'User' || i || '@Example.org', i % 97 FROM n;
INSERT INTO audit VALUES ('up 1');

-- migrate:down
INSERT INTO audit VALUES ('down 1');
DROP TABLE account;
