-- case: check
-- expect: add-check-validated
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);

-- case: unnamed check
-- expect: add-check-validated
ALTER TABLE t ADD CHECK (a > 0);

-- case: check not valid
-- expect: none
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;

-- case: the words NOT VALID in a string
-- expect: add-check-validated
ALTER TABLE t ADD CONSTRAINT c CHECK (a <> 'NOT VALID');

-- case: fk
-- expect: add-fk-validated
ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE;

-- case: fk not valid
-- expect: none
ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;

-- case: validate alone
-- expect: none
ALTER TABLE t VALIDATE CONSTRAINT c;

-- case: validate in the same file
-- expect: validate-same-transaction
ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p (id) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT c;

-- case: validate in the same ALTER
-- expect: validate-same-transaction
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, VALIDATE CONSTRAINT c;

-- case: validate in the next file
-- expect: none
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
-- draft
ALTER TABLE t VALIDATE CONSTRAINT c;

-- case: validate, each its own transaction
-- expect: none
-- transaction: off
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT c;

-- case: validate in an explicit transaction
-- expect: validate-same-transaction
-- layout: sqlx
-- transaction: off
BEGIN;
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT c;
COMMIT;

-- case: validate with another schema written
-- expect: validate-same-transaction
ALTER TABLE public.t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT c;

-- case: unique
-- expect: add-unique-constraint
ALTER TABLE t ADD CONSTRAINT c UNIQUE (a, b);

-- case: unique using index
-- expect: none
ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i;

-- case: primary key
-- expect: add-primary-key
ALTER TABLE t ADD PRIMARY KEY (a);

-- case: primary key using index, not null
-- expect: none
-- history
CREATE TABLE t (a bigint NOT NULL);
CREATE UNIQUE INDEX i ON t (a);
-- draft
ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX i;

-- case: primary key using index, nullable
-- expect: add-primary-key-nullable
-- history
CREATE TABLE t (a bigint);
CREATE UNIQUE INDEX i ON t (a);
-- draft
ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX i;

-- case: primary key using index, one of two nullable
-- expect: add-primary-key-nullable
-- history
CREATE TABLE t (a bigint NOT NULL, b bigint);
CREATE UNIQUE INDEX i ON t (a, b);
-- draft
ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX i;

-- case: primary key using index, proven
-- expect: none
-- history
CREATE TABLE t (a bigint, CONSTRAINT n CHECK (a IS NOT NULL));
CREATE UNIQUE INDEX i ON t (a);
-- draft
ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX i;

-- case: exclusion
-- expect: add-exclusion-constraint
ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING gist (r WITH &&);

-- case: domain constraint
-- expect: alter-domain-add-constraint
ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0);

-- case: domain constraint not valid
-- expect: none
ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID;

-- case: new domain
-- expect: none
CREATE DOMAIN d AS int;
ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0);

-- case: set not null
-- expect: set-not-null-scan
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: set not null in contract
-- expect: set-not-null-scan
-- phase: contract
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: proven
-- expect: none
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (a IS NOT NULL));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: proven by AND
-- expect: none
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0 AND (a IS NOT NULL)));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: proven by NOT IS NULL
-- expect: none
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (NOT (a IS NULL)));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: proven by NOTNULL
-- expect: none
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (a NOTNULL));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: OR proves nothing
-- expect: set-not-null-scan
-- history
CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (a IS NOT NULL OR b IS NOT NULL));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: length proves nothing
-- expect: set-not-null-scan
-- history
CREATE TABLE t (a text, CONSTRAINT c CHECK (length(a) > 0));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: proof not valid
-- expect: set-not-null-scan
-- history
CREATE TABLE t (a int);
ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: proof validated later
-- expect: none
-- history
CREATE TABLE t (a int);
ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT c;
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: proof of another column
-- expect: set-not-null-scan
-- history
CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (b IS NOT NULL));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: proof before 12
-- expect: set-not-null-scan
-- since: 11
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (a IS NOT NULL));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: proof dropped in the same ALTER
-- expect: set-not-null-scan
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (a IS NOT NULL));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL, DROP CONSTRAINT c;

-- case: proof dropped after
-- expect: none
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (a IS NOT NULL));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT c;

-- case: four statements, four transactions
-- expect: none
-- transaction: off
ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT c;
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT c;

-- case: proof follows a renamed column
-- expect: none
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (a IS NOT NULL));
ALTER TABLE t RENAME a TO b;
-- draft
ALTER TABLE t ALTER COLUMN b SET NOT NULL;

-- case: already not null
-- expect: none
-- history
CREATE TABLE t (a int PRIMARY KEY);
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: not null not valid at 18
-- expect: none
-- since: 18
ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID;

-- case: not null as a constraint reads the rows at 18
-- expect: set-not-null-scan
-- since: 18
ALTER TABLE t ADD CONSTRAINT n NOT NULL a;

-- case: not null as a constraint, proven by a CHECK at 18
-- expect: none
-- since: 18
-- phase: contract
-- history
CREATE TABLE t (a int, CONSTRAINT a_set CHECK (a IS NOT NULL));
-- draft
ALTER TABLE t ADD NOT NULL a;

-- case: not null not valid before 18
-- expect: unsupported-in-version
-- since: 17
ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID;

-- case: drop fk
-- expect: drop-fk-locks-parent
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int CONSTRAINT f REFERENCES p);
-- draft
ALTER TABLE t DROP CONSTRAINT f;

-- case: drop check
-- expect: none
-- history
CREATE TABLE t (a int CONSTRAINT f CHECK (a > 0));
-- draft
ALTER TABLE t DROP CONSTRAINT f;

-- case: drop unique
-- expect: drop-unique
-- history
CREATE TABLE t (a int UNIQUE);
-- draft
ALTER TABLE t DROP CONSTRAINT t_a_key;

-- case: drop unique in contract
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (a int UNIQUE);
-- draft
ALTER TABLE t DROP CONSTRAINT t_a_key;

-- case: primary key swapped over the same column
-- expect: none
-- history
CREATE TABLE t (a bigint PRIMARY KEY);
CREATE UNIQUE INDEX i ON t (a);
-- draft
ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX i;

-- case: a constraint of before that is validated here may be the proof
-- expect: set-not-null-scan (warning)
-- transaction: off
ALTER TABLE made_before VALIDATE CONSTRAINT made_before_bar_not_null;
ALTER TABLE made_before ALTER COLUMN bar SET NOT NULL;
ALTER TABLE made_before DROP CONSTRAINT made_before_bar_not_null;

-- case: a constraint of before about something else is none
-- expect: set-not-null-scan (error)
-- transaction: off
ALTER TABLE made_before VALIDATE CONSTRAINT made_before_owner_set;
ALTER TABLE made_before ALTER COLUMN nick SET NOT NULL;

-- case: a constraint that the files make says itself what it proves
-- expect: set-not-null-scan (error)
-- transaction: off
-- history
CREATE TABLE foo (id bigint PRIMARY KEY, bar int, baz int);
-- draft
ALTER TABLE foo ADD CONSTRAINT foo_bar_not_null CHECK (baz IS NOT NULL) NOT VALID;
ALTER TABLE foo VALIDATE CONSTRAINT foo_bar_not_null;
ALTER TABLE foo ALTER COLUMN bar SET NOT NULL;
