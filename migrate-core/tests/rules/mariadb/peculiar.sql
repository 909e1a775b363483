-- case: not enforced is MySQL's
-- expect: unsupported-in-version
ALTER TABLE t ADD CONSTRAINT k CHECK (id > 0) NOT ENFORCED;
-- case: drop check is MySQL's
-- expect: unsupported-in-version
-- history
CREATE TABLE c (id bigint PRIMARY KEY, a int, CONSTRAINT k CHECK (a > 0));
-- draft
ALTER TABLE c DROP CHECK k;
-- case: invisible indexes are MySQL's
-- expect: unsupported-in-version
-- history
CREATE TABLE c (id bigint PRIMARY KEY, a int, KEY i (a));
-- draft
ALTER TABLE c ALTER INDEX i INVISIBLE;
-- case: ignored indexes are its own
-- expect: none
-- since: 10.6
-- history
CREATE TABLE c (id bigint PRIMARY KEY, a int, KEY i (a));
-- draft
ALTER TABLE c ALTER INDEX i IGNORED;
