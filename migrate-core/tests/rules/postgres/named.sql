-- case: nothing has that name
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT x.id FROM invoices i;

-- case: the alias is the name
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT invoices.id FROM invoices i;

-- case: names of all kinds
-- expect: none
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  plan plan NOT NULL DEFAULT 'free',
  meta jsonb,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS WITH w AS (SELECT id, amount * 2 AS double FROM invoices) SELECT w.double, q.n, f.a, (SELECT count(*) FROM accounts z WHERE z.id = w.id) AS c FROM w JOIN (SELECT 1 AS n) q ON true CROSS JOIN generate_series(1, 2) AS f (a);

-- case: the table that is written has a name
-- expect: none
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  plan plan NOT NULL DEFAULT 'free',
  meta jsonb,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
WITH m AS (SELECT a.id AS u FROM accounts a) DELETE FROM invoices WHERE invoices.id IN (SELECT u FROM m) AND invoices.amount > 3;

-- case: a query of WITH has no such column
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS WITH w AS (SELECT id, amount * 2 AS double FROM invoices) SELECT w.id, w.triple FROM w;

-- case: a query in FROM has no such column
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
CREATE MATERIALIZED VIEW totals AS SELECT account_id, sum(amount) AS total FROM invoices GROUP BY account_id;
-- draft
CREATE VIEW v AS SELECT q.totals FROM (SELECT sum(amount) AS total FROM invoices) q;

-- case: a column beside a sum
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT state, amount FROM invoices GROUP BY state;

-- case: the primary key tells the rows apart
-- expect: none
-- phase: contract
-- history
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT id, state, amount FROM invoices GROUP BY id;

-- case: grouping sets are not judged
-- expect: none
-- phase: contract
-- history
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT state, account_id, sum(amount) AS s FROM invoices GROUP BY ROLLUP (state, account_id);

-- case: two tables with one column
-- expect: refused-statement
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  plan plan NOT NULL DEFAULT 'free',
  meta jsonb,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT a.*, i.* FROM accounts a JOIN invoices i ON i.account_id = a.id;

-- case: two counts
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT count(*), count(DISTINCT state) FROM invoices;

-- case: names for columns that would be shown twice
-- expect: none
-- phase: contract
-- history
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE TABLE copy (a, b) AS SELECT id, id FROM invoices;

-- case: more names than columns
-- expect: refused-statement
-- phase: contract
CREATE VIEW v (a, b, c) AS SELECT 1, 2;

-- case: queries of two widths
-- expect: refused-statement
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  plan plan NOT NULL DEFAULT 'free',
  meta jsonb,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT id FROM invoices UNION SELECT id, email FROM accounts;

-- case: a window is missing
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT row_number() AS n, id FROM invoices;

-- case: a column that nothing has
-- expect: refused-statement
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  plan plan NOT NULL DEFAULT 'free',
  meta jsonb,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
INSERT INTO invoices (id, account_id, number, amount) SELECT id, id, nickname, 3 FROM accounts;

-- case: a column of two tables
-- expect: refused-statement
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  plan plan NOT NULL DEFAULT 'free',
  meta jsonb,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
UPDATE invoices SET state = 'x' FROM accounts WHERE id = 3;

-- case: an alias in WHERE
-- expect: refused-statement
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  plan plan NOT NULL DEFAULT 'free',
  meta jsonb,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT i.id AS x FROM invoices i JOIN accounts a ON a.id = i.account_id WHERE x > 3;

-- case: columns without their tables
-- expect: none
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  plan plan NOT NULL DEFAULT 'free',
  meta jsonb,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT email, number, i.ctid FROM invoices i JOIN accounts a ON a.id = i.account_id WHERE active AND amount > 3;

-- case: a column that RETURNING names
-- expect: refused-statement
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  plan plan NOT NULL DEFAULT 'free',
  meta jsonb,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
-- draft
INSERT INTO accounts (email) VALUES ('x') RETURNING ids;

-- case: the table behind its alias
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
DELETE FROM invoices i WHERE invoices.id = 3;

-- case: a join that is a number
-- expect: refused-statement
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  plan plan NOT NULL DEFAULT 'free',
  meta jsonb,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT i.id FROM invoices i JOIN accounts a ON i.account_id;

-- case: a join of two kinds
-- expect: refused-statement
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  plan plan NOT NULL DEFAULT 'free',
  meta jsonb,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT i.id FROM invoices i JOIN accounts a ON i.account_id = a.email;

-- case: a filter that is a number
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount integer NOT NULL,
  tax integer GENERATED ALWAYS AS (amount * 19 / 100) STORED,
  issued date,
  state text NOT NULL DEFAULT 'open',
  CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT invoices_number UNIQUE (number)
);
-- draft
CREATE VIEW v AS SELECT count(*) FILTER (WHERE amount) AS n FROM invoices;

-- case: more names than the query has columns
-- expect: refused-statement
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  plan plan NOT NULL DEFAULT 'free',
  meta jsonb,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
-- draft
CREATE TABLE copy (id, mail, x) AS SELECT id, email FROM accounts;

-- case: rows of two lengths
-- expect: refused-statement
-- phase: contract
CREATE VIEW v AS VALUES (1, 'a'), (2);
