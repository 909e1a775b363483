-- case: a value for an identity that is always generated
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
INSERT INTO accounts (id, email) VALUES (7, 'a@b');

-- case: an identity may be overridden
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
-- draft
INSERT INTO accounts (id, email) OVERRIDING SYSTEM VALUE VALUES (7, 'a@b');

-- case: an identity may be DEFAULT
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
-- draft
INSERT INTO accounts (id, email) VALUES (DEFAULT, 'a@b');

-- case: an identity that is always generated is not updated
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
UPDATE accounts SET id = id + 1 WHERE email = 'x';

-- case: a computed column in a row
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
INSERT INTO invoices (id, account_id, number, amount, tax) VALUES (1, 1, 'x', 3, 4);

-- case: a computed column from a query
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
INSERT INTO invoices (id, account_id, number, amount, tax) SELECT id, id, 'n' || id, 5, 1 FROM accounts;

-- case: a computed column is not updated
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
UPDATE invoices SET tax = 3 WHERE id = 1;

-- case: a computed column may be DEFAULT
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
UPDATE invoices SET tax = DEFAULT WHERE id = 1;

-- case: a text that is no number
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
UPDATE invoices SET amount = 'many' WHERE id = 1;

-- case: a text that is a number
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
UPDATE invoices SET amount = ' 12 ' WHERE id = 1;

-- case: a number for a boolean
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
UPDATE accounts SET active = 1 WHERE id = 3;

-- case: a word for a boolean
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
-- draft
UPDATE accounts SET active = 'yes' WHERE id = 3;

-- case: a value that the enum has not
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
UPDATE accounts SET plan = 'gold' WHERE id = 3;

-- case: a text that is no JSON
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
UPDATE accounts SET meta = 'not json' WHERE id = 3;

-- case: JSON is joined
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
-- draft
UPDATE accounts SET meta = (meta || '{"b": 2}') - 'c' WHERE meta -> 'a' ->> 'b' = 'c' AND NOT meta -> 'a' ? 'd';

-- case: a number for a time
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
UPDATE accounts SET created_at = 17 WHERE id = 1;

-- case: two values more than columns
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
UPDATE invoices SET (amount, state) = (3, 'x', 4) WHERE id = 1;

-- case: one column written twice
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
UPDATE invoices SET amount = 1, amount = 2 WHERE id = 3;

-- case: one column listed twice
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
INSERT INTO invoices (id, account_id, id) VALUES (1, 2, 3);

-- case: a query gives more than there are columns
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
INSERT INTO invoices (id, account_id, number, amount) SELECT 1, 2, 'x', 3, 4;

-- case: NULL where there is none
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
INSERT INTO invoices (id, account_id, number, amount) VALUES (1, 2, 'x', NULL);

-- case: DO UPDATE without a conflict
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
INSERT INTO accounts (email) VALUES ('a@b') ON CONFLICT DO UPDATE SET active = true;

-- case: a conflict with a constraint that is not there
-- expect: missing-object
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
INSERT INTO invoices (id, account_id, number, amount) VALUES (1, 2, 'x', 3) ON CONFLICT ON CONSTRAINT invoices_numbers DO NOTHING;

-- case: a conflict with a constraint
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
INSERT INTO invoices (id, account_id, number, amount) VALUES (1, 2, 'x', 3) ON CONFLICT ON CONSTRAINT invoices_number DO UPDATE SET amount = excluded.amount;

-- case: rows of a materialized view
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
DELETE FROM totals WHERE account_id = 1;

-- case: a time as the default of a number
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a integer DEFAULT now());

-- case: times as defaults
-- expect: none
-- phase: contract
CREATE TABLE n (a date DEFAULT now(), b time DEFAULT now(), c text DEFAULT now(), d timestamptz DEFAULT current_date - interval '1 day');

-- case: a truth as the default of a number
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a integer DEFAULT true);

-- case: no UUID
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a uuid DEFAULT 'abc');

-- case: a default that names a column
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int, b int DEFAULT a + 1);

-- case: an empty array of no type
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int[] DEFAULT ARRAY[]);

-- case: arrays as defaults
-- expect: none
-- phase: contract
CREATE TABLE n (a int[] DEFAULT '{1,2}', b text[] DEFAULT ARRAY[]::text[], c text[] DEFAULT ARRAY['x']);

-- case: a text that is no array
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int[] DEFAULT '1,2');

-- case: a number as an interval
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a interval DEFAULT 3);

-- case: another type of default is set
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
ALTER TABLE invoices ALTER COLUMN issued SET DEFAULT 4;

-- case: a CHECK that is a number
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int CHECK (a));

-- case: a CHECK that compares a number with a word
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
ALTER TABLE invoices ADD CONSTRAINT c CHECK (amount > 'x') NOT VALID;

-- case: a text function of a number
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
ALTER TABLE invoices ADD CONSTRAINT c CHECK (lower(amount) = 'x') NOT VALID;

-- case: functions of texts
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
ALTER TABLE invoices ADD CONSTRAINT c CHECK (lower(number) = number AND length(state) BETWEEN 1 AND 9 AND coalesce(issued, '2020-01-01') > date '2019-01-01') NOT VALID;

-- case: a condition of a policy that is a number
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
CREATE POLICY p ON invoices USING (amount);

-- case: a condition of an index that is a text
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
CREATE INDEX CONCURRENTLY i ON invoices (number) WHERE state;

-- case: a date cast to a number
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
CREATE VIEW v AS SELECT issued::integer AS n FROM invoices;

-- case: a default that does not follow its column
-- expect: alter-column-type-rewrite, refused-statement
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
ALTER TABLE accounts ALTER COLUMN active TYPE integer USING active::integer;

-- case: an arrow into a text
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
CREATE VIEW v AS SELECT email ->> 'a' AS a FROM accounts;

-- case: a comparison with another enum
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
CREATE VIEW v AS SELECT id FROM accounts WHERE plan = 3;

-- case: two kinds in one CASE
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
CREATE VIEW v AS SELECT CASE WHEN active THEN 1 ELSE 'none' END AS a FROM accounts;

-- case: casts and operators of the user are not judged
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
-- draft
CREATE FUNCTION same(text, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 = $2::text $$;
CREATE OPERATOR = (LEFTARG = text, RIGHTARG = integer, FUNCTION = same);
DELETE FROM accounts WHERE email = 3;

-- case: a view takes another type
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
CREATE VIEW open_invoices AS SELECT id, account_id, number, amount FROM invoices WHERE state = 'open';
-- draft
CREATE OR REPLACE VIEW open_invoices AS SELECT id, account_id, number, amount::bigint AS amount FROM invoices;

-- case: a column with another operator class
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
CREATE INDEX CONCURRENTLY i ON invoices (amount text_pattern_ops);

-- case: a number with a collation
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
CREATE INDEX CONCURRENTLY i ON invoices (amount COLLATE "C");

-- case: a day that no month has
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
UPDATE invoices SET issued = '2024-02-30' WHERE id = 1;

-- case: a day of a leap year
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
UPDATE invoices SET issued = '2024-02-29' WHERE id = 1;

-- case: JSON that does not end
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
UPDATE accounts SET meta = '{"a": [1, 2}' WHERE id = 1;

-- case: JSON of all kinds
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
-- draft
UPDATE accounts SET meta = '{"a": [1, -2.5e3, "x\"y", {}, []], "b": null, "c": true}' WHERE id = 1;

-- case: an array of values that the enum has not
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
ALTER TABLE accounts ADD COLUMN plans plan[] DEFAULT '{free,gold}';

-- case: a computed column of another type
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a date, b int GENERATED ALWAYS AS (a) STORED);

-- case: a parameter with a default of another type
-- expect: refused-statement
-- phase: contract
CREATE FUNCTION n(a int DEFAULT 'x') RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;

-- case: a sum in WHERE
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
DELETE FROM invoices WHERE count(*) > 3;

-- case: a sum in a query within WHERE
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
DELETE FROM invoices WHERE amount > (SELECT avg(amount) FROM invoices);

-- case: a CHECK of a domain over a number
-- expect: refused-statement
-- phase: contract
CREATE DOMAIN n AS int CHECK (VALUE > 0 AND VALUE < 'x');

-- case: a CHECK of a domain that is a number
-- expect: refused-statement
-- phase: contract
CREATE DOMAIN n AS int CHECK (VALUE);

-- case: a CHECK of a domain
-- expect: none
-- phase: contract
CREATE DOMAIN n AS varchar(3) DEFAULT 'ab' CHECK (length(VALUE) > 1 AND VALUE ~ '^[a-z]+$');

-- case: digits of a double precision
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
CREATE VIEW v AS SELECT round(amount / 3.0::double precision, 2) AS r FROM invoices;

-- case: a default that would be many values
-- expect: refused-statement
CREATE TABLE made (id bigint PRIMARY KEY, n int DEFAULT generate_series(1, 3));
