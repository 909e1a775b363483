-- case: a table that nearly is one of ours
-- expect: nearly-a-table
CREATE TABLE accounts (id bigint PRIMARY KEY);
-- draft
ALTER TABLE acounts ADD COLUMN note text;

-- case: a table that a later file makes
-- expect: missing-object
ALTER TABLE accounts ADD COLUMN note text;
-- draft
CREATE TABLE accounts (id bigint PRIMARY KEY);

-- case: a forgotten semicolon
-- expect: syntax-error
CREATE TABLE accounts (id bigint PRIMARY KEY)
CREATE INDEX accounts_id ON accounts (id);
