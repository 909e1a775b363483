-- Cases: what is prepared does nothing until it is executed.

-- case: all rows are written where it is executed
-- expect: whole-table-write
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text);
-- draft
PREPARE clear_1 AS UPDATE held SET body = '';
EXECUTE clear_1;

-- case: what is only prepared
-- expect: none
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text);
-- draft
PREPARE clear_2 AS UPDATE held SET body = '';
DEALLOCATE clear_2;

-- case: some rows are written where it is executed
-- expect: none
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text);
-- draft
PREPARE clear_3 (bigint, text) AS UPDATE held SET body = $2 WHERE id = $1;
EXECUTE clear_3 (4, 'a');
EXECUTE Clear_3 (5, 'b');
DEALLOCATE PREPARE clear_3;

-- case: what is executed names a column that is not there
-- expect: missing-object
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text);
-- draft
PREPARE clear_4 (bigint) AS UPDATE held SET bodi = '' WHERE id = $1;
EXECUTE clear_4 (4);

-- case: a role goes
-- expect: revoke-privilege
DROP ROLE IF EXISTS nobody_at_all;
