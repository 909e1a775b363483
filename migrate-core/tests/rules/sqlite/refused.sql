-- case: strict with a type of another kind
-- expect: syntax-error
-- since: 3.40
CREATE TABLE n (a varchar(10)) STRICT;
-- case: strict with its types
-- expect: none
-- since: 3.40
CREATE TABLE n (a INT, b text, c "REAL", d ANY) STRICT;
-- case: without rowid and key
-- expect: syntax-error
CREATE TABLE n (a int) WITHOUT ROWID;
-- case: without rowid key of the table
-- expect: none
CREATE TABLE n (a int, b int, PRIMARY KEY (a, b)) WITHOUT ROWID;
