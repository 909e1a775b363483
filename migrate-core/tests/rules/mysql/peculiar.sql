-- case: ignored indexes are MariaDB's
-- expect: unsupported-in-version
-- history
CREATE TABLE c (id bigint PRIMARY KEY, a int, KEY i (a));
-- draft
ALTER TABLE c ALTER INDEX i IGNORED;
-- case: returning is MariaDB's
-- expect: unsupported-in-version
INSERT INTO u (id) VALUES (1) RETURNING id;
-- case: system versioning is MariaDB's
-- expect: unsupported-in-version
CREATE TABLE c (id bigint PRIMARY KEY) WITH SYSTEM VERSIONING;
-- case: drop check before 8.0.16
-- expect: unsupported-in-version
-- since: 5.7
-- history
CREATE TABLE c (id bigint PRIMARY KEY, a int, CONSTRAINT k CHECK (a > 0));
-- draft
ALTER TABLE c DROP CHECK k;
-- case: the words in a string
-- expect: none
ALTER TABLE t COMMENT = 'NOT ENFORCED, ALTER ONLINE TABLE';
