
-- case: a reserved word is no column that is added
-- expect: syntax-error
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, age integer);
-- draft
ALTER TABLE users ADD COLUMN user text;

-- case: a reserved word is no column that is added, again
-- expect: syntax-error
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, age integer);
-- draft
ALTER TABLE users ADD COLUMN a text, ADD COLUMN Order integer;

-- case: a reserved word is no column that is added, a third time
-- expect: syntax-error
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, age integer);
-- draft
ALTER TABLE users ADD COLUMN "offset" integer, ADD "limit" integer, ADD COLUMN left text;

-- case: nor is one renamed to it, dropped by it, or a constraint or table called so
-- expect: syntax-error
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, age integer, "end" date);
-- draft
ALTER TABLE users RENAME COLUMN age TO check;

-- case: nor is one renamed to it, dropped by it, or a constraint or table called so, again
-- expect: syntax-error
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, age integer, "end" date);
-- draft
ALTER TABLE users DROP COLUMN end;

-- case: nor is one renamed to it, dropped by it, or a constraint or table called so, a third time
-- expect: syntax-error
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, age integer, "end" date);
-- draft
ALTER TABLE users ADD CONSTRAINT primary CHECK (age > 0) NOT VALID;

-- case: nor is one renamed to it, dropped by it, or a constraint or table called so, a fourth time
-- expect: syntax-error
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, age integer, "end" date);
-- draft
ALTER TABLE users RENAME TO full;

-- case: nor is one renamed to it, dropped by it, or a constraint or table called so, a fifth time
-- expect: syntax-error
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, age integer, "end" date);
-- draft
CREATE TABLE natural (id bigint PRIMARY KEY);

-- case: other words of the grammar are names, and behind a schema all are
-- expect: none
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, age integer);
-- draft
ALTER TABLE users ADD COLUMN value text, ADD COLUMN type text, ADD COLUMN key text, ADD COLUMN "user" text,
    ADD COLUMN date date, ADD COLUMN row integer, ADD COLUMN "left" text, ADD COLUMN position integer, ADD COLUMN user_ text;
ALTER TABLE users ADD CHECK (age > 0) NOT VALID;
CREATE TABLE public.user (id bigint PRIMARY KEY);
CREATE TABLE public.left (id bigint PRIMARY KEY);

-- case: a list of columns of a publication
-- expect: unsupported-in-version
-- since: 14
-- history
CREATE TABLE users (id bigint PRIMARY KEY, age integer);
CREATE PUBLICATION other;
-- draft
CREATE PUBLICATION pub FOR TABLE users (id, age);

-- case: a list of columns of a publication, again
-- expect: unsupported-in-version
-- since: 14
-- history
CREATE TABLE users (id bigint PRIMARY KEY, age integer);
CREATE PUBLICATION other;
-- draft
ALTER PUBLICATION other ADD TABLE ONLY users (id);

-- case: a publication of whole tables
-- expect: none
-- since: 14
-- history
CREATE TABLE users (id bigint PRIMARY KEY, age integer);
-- draft
CREATE PUBLICATION pub FOR TABLE users WITH (publish = 'insert');
ALTER PUBLICATION pub SET (publish = 'insert, update');

-- case: an array of PostgreSQL stands in braces, and an address has four numbers
-- expect: refused-statement
-- since: 15
CREATE TABLE a (tags text[] DEFAULT '[]');

-- case: an array of PostgreSQL stands in braces, and an address has four numbers, again
-- expect: refused-statement
-- since: 15
CREATE TABLE b (ip inet DEFAULT '300.1.1.1');

-- case: an array of PostgreSQL stands in braces, and an address has four numbers, a third time
-- expect: refused-statement
-- since: 15
CREATE TABLE c (net cidr DEFAULT '10.0.0.0/33');

-- case: arrays and addresses
-- expect: none
-- since: 15
CREATE TABLE a (tags text[] DEFAULT '{}', n integer[] DEFAULT '[0:1]={1,2}');
CREATE TABLE b (ip inet DEFAULT '127.0.0.1', net cidr DEFAULT '10.0.0.0/8', short cidr DEFAULT '10.1', six inet DEFAULT '::1');

-- case: a time and a size have the units that they have
-- expect: refused-statement
-- since: 15
SET lock_timeout = '5 seconds';

-- case: a time and a size have the units that they have, again
-- expect: refused-statement
-- since: 15
SET LOCAL statement_timeout TO '1 hour';

-- case: a time and a size have the units that they have, a third time
-- expect: refused-statement
-- since: 15
SET maintenance_work_mem = '2gb';

-- case: times and sizes
-- expect: none
-- since: 15
SET lock_timeout = '5s';
SET LOCAL statement_timeout TO '1 h';
SET statement_timeout = 0;
SET lock_timeout = '1.5min';
SET idle_in_transaction_session_timeout = '60000';
SET maintenance_work_mem = '2GB';
SET LOCAL lock_timeout = '${timeout}';
SET lock_timeout TO DEFAULT;
