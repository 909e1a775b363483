-- case: attached again
-- expect: attach-partition-scan, refused-statement
-- phase: contract
-- history
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- draft
ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');

-- case: detached and never attached
-- expect: refused-statement, unsupported-in-version
-- phase: contract
-- history
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_old (id bigint NOT NULL, at timestamptz NOT NULL, kind text);
-- draft
ALTER TABLE events DETACH PARTITION events_old CONCURRENTLY;

-- case: attached with a column of another type
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- draft
CREATE TABLE events_new (id bigint NOT NULL, at timestamptz NOT NULL, kind varchar(9));
ALTER TABLE events ATTACH PARTITION events_new FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: a column of the parent alone
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- draft
ALTER TABLE ONLY events ADD COLUMN extra int;

-- case: NULL in a partition alone
-- expect: drop-not-null, refused-statement
-- phase: contract
-- history
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- draft
ALTER TABLE events_2024 ALTER COLUMN at DROP NOT NULL;

-- case: a CHECK that partitions do not have
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- draft
ALTER TABLE events ADD CONSTRAINT k CHECK (kind <> '') NO INHERIT NOT VALID;

-- case: heirs of a partitioned table
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- draft
CREATE TABLE child () INHERITS (events);

-- case: an heir with another type
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CREATE TABLE child (room text) INHERITS (tickets);

-- case: an heir with the same type
-- expect: none
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CREATE TABLE child (room integer, extra int) INHERITS (tickets);

-- case: a column of the parent dropped in an heir
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CREATE TABLE child () INHERITS (tickets);
ALTER TABLE child DROP COLUMN title;

-- case: a column of the parent renamed in an heir
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CREATE TABLE child () INHERITS (tickets);
ALTER TABLE child RENAME COLUMN title TO t;

-- case: the parent goes without its heir
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CREATE TABLE child () INHERITS (tickets);
DROP TABLE tickets;

-- case: the parent goes with its heirs
-- expect: none
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CREATE TABLE child () INHERITS (tickets);
CREATE TABLE grandchild () INHERITS (child);
DROP TABLE tickets, child CASCADE;
CREATE TABLE grandchild ();

-- case: an heir that is released
-- expect: none
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CREATE TABLE child () INHERITS (tickets);
ALTER TABLE child NO INHERIT tickets;
ALTER TABLE child DROP COLUMN title;

-- case: an heir without the columns
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CREATE TABLE child (a int);
ALTER TABLE child INHERIT tickets;

-- case: an array refers to a number
-- expect: fk-locks-parent, type-mismatch
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CREATE TABLE f (a bigint[] REFERENCES tickets);

-- case: a fraction refers to a number
-- expect: fk-locks-parent, type-mismatch
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CREATE TABLE f (a numeric REFERENCES tickets);

-- case: a smaller number refers to a greater one
-- expect: fk-locks-parent
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CREATE TABLE f (a integer REFERENCES tickets);

-- case: two columns refer to one
-- expect: refused-statement
-- phase: contract
CREATE TABLE t2 (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE f (a bigint REFERENCES t2);

-- case: what lasts refers to what goes
-- expect: refused-statement
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CREATE TEMP TABLE f (a bigint REFERENCES tickets);

-- case: an enum has no attributes
-- expect: refused-statement
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
-- draft
ALTER TYPE plan DROP ATTRIBUTE x;

-- case: an enum is no domain
-- expect: alter-domain-add-constraint, refused-statement
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
-- draft
ALTER DOMAIN plan SET NOT NULL;

-- case: a value renamed to another one
-- expect: object-exists, rename-enum-value
-- phase: contract
-- history
CREATE TYPE plan AS ENUM ('free', 'team');
-- draft
ALTER TYPE plan RENAME VALUE 'team' TO 'free';

-- case: a constraint of a domain that is not there
-- expect: missing-object
-- phase: contract
-- history
CREATE DOMAIN email_address AS text CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
-- draft
ALTER DOMAIN email_address DROP CONSTRAINT longer;

-- case: a constraint of a domain twice
-- expect: object-exists
-- phase: contract
-- history
CREATE DOMAIN email_address AS text CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
-- draft
ALTER DOMAIN email_address ADD CONSTRAINT has_at CHECK (length(VALUE) > 3) NOT VALID;

-- case: a constraint of a domain renamed
-- expect: none
-- phase: contract
-- history
CREATE DOMAIN email_address AS text CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
-- draft
ALTER DOMAIN email_address RENAME CONSTRAINT has_at TO has_sign;
ALTER DOMAIN email_address DROP CONSTRAINT has_sign;
ALTER DOMAIN email_address DROP CONSTRAINT IF EXISTS has_at;

-- case: an attribute of a type in use
-- expect: needed-object
-- phase: contract
CREATE TYPE pair AS (a int, b text);
CREATE TABLE c (p pair);
ALTER TYPE pair ALTER ATTRIBUTE a TYPE bigint;

-- case: clustered by an index that is not there
-- expect: missing-object, table-rewrite-command
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
CLUSTER tickets USING nowhere;

-- case: a trigger that is not there
-- expect: disable-trigger, missing-object
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
ALTER TABLE tickets DISABLE TRIGGER nothing;

-- case: a policy that is not there
-- expect: missing-object
-- phase: contract
-- history
CREATE TABLE tickets (id bigint PRIMARY KEY, title text, room integer);
-- draft
ALTER POLICY nobody ON tickets USING (true);

-- case: a table that inherits from what inherits from it
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE one (id bigint);
CREATE TABLE two () INHERITS (one);
CREATE TABLE three () INHERITS (two);
-- draft
ALTER TABLE one INHERIT three;
