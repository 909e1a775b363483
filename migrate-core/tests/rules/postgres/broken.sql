-- case: the index that a foreign key looks things up in
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE p (id bigint PRIMARY KEY, code text);
CREATE UNIQUE INDEX p_code ON p (code);
CREATE TABLE c (id bigint PRIMARY KEY, p_code text REFERENCES p (code));
-- draft
DROP INDEX CONCURRENTLY p_code;
