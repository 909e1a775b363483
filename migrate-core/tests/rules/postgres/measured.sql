-- case: alter constraint deferrable lost by down
-- expect: down-not-inverse
-- history
CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p_id bigint, CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p);
-- draft
ALTER TABLE c ALTER CONSTRAINT f DEFERRABLE INITIALLY DEFERRED;
-- down
SELECT 1;

-- case: alter constraint and back
-- expect: none
-- history
CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p_id bigint, CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p ON DELETE CASCADE);
-- draft
ALTER TABLE c ALTER CONSTRAINT f DEFERRABLE;
-- down
ALTER TABLE c ALTER CONSTRAINT f NOT DEFERRABLE;

-- case: fk on update differs
-- expect: add-fk-validated (warning), down-not-inverse, drop-fk-locks-parent
-- history
CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p_id bigint, CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p ON UPDATE CASCADE);
-- draft
ALTER TABLE c DROP CONSTRAINT f;
-- down
ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id) ON UPDATE SET NULL;

-- case: fk no action is the default
-- expect: add-fk-validated (warning), drop-fk-locks-parent
-- history
CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p_id bigint, CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p MATCH SIMPLE ON UPDATE NO ACTION NOT DEFERRABLE);
-- draft
ALTER TABLE c DROP CONSTRAINT f;
-- down
ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE NO ACTION;

-- case: fk restrict is not no action
-- expect: add-fk-validated (warning), down-not-inverse, drop-fk-locks-parent
-- history
CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p_id bigint CONSTRAINT f REFERENCES p ON DELETE RESTRICT);
-- draft
ALTER TABLE c DROP CONSTRAINT f;
-- down
ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id);

-- case: fk match full
-- expect: add-fk-validated (warning), down-not-inverse, drop-fk-locks-parent
-- history
CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p_id bigint CONSTRAINT f REFERENCES p MATCH FULL);
-- draft
ALTER TABLE c DROP CONSTRAINT f;
-- down
ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id);

-- case: unnamed fk back with another action
-- expect: add-fk-validated (warning), down-not-inverse, drop-fk-locks-parent
-- history
CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p_id bigint REFERENCES p ON DELETE CASCADE);
-- draft
ALTER TABLE c DROP CONSTRAINT c_p_id_fkey;
-- down
ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p (id);

-- case: check with another condition
-- expect: add-check-validated (warning), down-not-inverse
-- history
CREATE TABLE c (a bigint, CONSTRAINT k CHECK (a > 0));
-- draft
ALTER TABLE c DROP CONSTRAINT k;
-- down
ALTER TABLE c ADD CONSTRAINT k CHECK (a >= 0);

-- case: check spelt otherwise
-- expect: add-check-validated (warning)
-- history
CREATE TABLE c (a bigint, CONSTRAINT k CHECK (a > 0 -- positive
 AND a IN (1, 2)));
-- draft
ALTER TABLE c DROP CONSTRAINT k;
-- down
ALTER TABLE c ADD CONSTRAINT k CHECK (((A > 0) AND (a = ANY (ARRAY[1, 2]))));

-- case: unique deferrable
-- expect: add-unique-constraint (warning), down-not-inverse, drop-unique
-- history
CREATE TABLE c (a bigint, CONSTRAINT k UNIQUE (a) DEFERRABLE INITIALLY DEFERRED);
-- draft
ALTER TABLE c DROP CONSTRAINT k;
-- down
ALTER TABLE c ADD CONSTRAINT k UNIQUE (a);

-- case: drop sequence if exists and create
-- expect: none
DROP SEQUENCE IF EXISTS s;
CREATE SEQUENCE s;
-- down
DROP SEQUENCE s;

-- case: set not null proven by a row test
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (a int, b int, CONSTRAINT k CHECK (ROW(a, b) IS NOT NULL));
-- draft
ALTER TABLE t ALTER a SET NOT NULL, ALTER b SET NOT NULL;

-- case: not null by not or
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (a int, b int, CONSTRAINT k CHECK (NOT (a IS NULL OR b IS NULL)));
-- draft
ALTER TABLE t ALTER b SET NOT NULL;

-- case: not and proves nothing
-- expect: set-not-null-scan
-- phase: contract
-- history
CREATE TABLE t (a int, b int, CONSTRAINT k CHECK (NOT (a IS NULL AND b IS NULL)));
-- draft
ALTER TABLE t ALTER b SET NOT NULL;

-- case: bpchar without a length is free
-- expect: none
-- history
CREATE TABLE t (a varchar(10), b char(5), c text);
-- draft
ALTER TABLE t ALTER a TYPE bpchar, ALTER b TYPE bpchar, ALTER c TYPE bpchar;

-- case: one-byte char is another type
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a char);
-- draft
ALTER TABLE t ALTER a TYPE "char";

-- case: float 53 is double
-- expect: none
-- history
CREATE TABLE t (a float(53), b float(24));
-- draft
ALTER TABLE t ALTER a TYPE double precision, ALTER b TYPE real;

-- case: float to double
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (b float(24));
-- draft
ALTER TABLE t ALTER b TYPE float(25);

-- case: oid to regclass
-- expect: none
-- history
CREATE TABLE t (a oid, b int);
-- draft
ALTER TABLE t ALTER a TYPE regclass, ALTER b TYPE oid;

-- case: bit to varbit
-- expect: none
-- history
CREATE TABLE t (a bit(5));
-- draft
ALTER TABLE t ALTER a TYPE bit varying;

-- case: domain over varchar to its own length
-- expect: alter-column-type-rewrite
-- history
CREATE DOMAIN d AS varchar(10); CREATE TABLE t (a d);
-- draft
ALTER TABLE t ALTER a TYPE varchar(20);

-- case: domain over varchar to text
-- expect: none
-- history
CREATE DOMAIN d AS varchar(10); CREATE TABLE t (a d);
-- draft
ALTER TABLE t ALTER a TYPE text;

-- case: interval to seconds
-- expect: none
-- history
CREATE TABLE t (a interval year, b interval(3));
-- draft
ALTER TABLE t ALTER a TYPE interval hour, ALTER b TYPE interval day to second;

-- case: interval to years
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a interval);
-- draft
ALTER TABLE t ALTER a TYPE interval year;

-- case: timestamptz with fewer digits in utc
-- expect: alter-column-type-rewrite
-- since: 12
-- history
CREATE TABLE t (a timestamptz(0));
-- draft
SET timezone = 'UTC';
ALTER TABLE t ALTER a TYPE timestamp(3);

-- case: identity dropped
-- expect: drop-default
ALTER TABLE t ALTER id DROP IDENTITY IF EXISTS;

-- case: default set to null where there was none
-- expect: none
-- history
CREATE TABLE t (c int);
-- draft
ALTER TABLE t ALTER c SET DEFAULT NULL;

-- case: not enforced before 18
-- expect: unsupported-in-version
-- since: 17
ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT ENFORCED NOT VALID;

-- case: nulls not distinct before 15
-- expect: unsupported-in-version
-- since: 14
CREATE UNIQUE INDEX CONCURRENTLY i ON t (a) NULLS NOT DISTINCT;

-- case: some columns set null before 15
-- expect: fk-locks-parent, unsupported-in-version
-- since: 14
CREATE TABLE c (a int, b int, FOREIGN KEY (a, b) REFERENCES p (a, b) ON DELETE SET NULL (b));

-- case: the words in a string
-- expect: none
-- since: 14
COMMENT ON TABLE t IS 'NULLS NOT DISTINCT, NOT ENFORCED';

-- case: index of a cast is the column after the change
-- expect: create-index-not-concurrent (warning)
-- history
CREATE TABLE t (day timestamp); CREATE INDEX t_day ON t (date(day)); ALTER TABLE t ALTER day TYPE date;
-- draft
DROP INDEX CONCURRENTLY t_day;
-- down
CREATE INDEX t_day ON t (day);
