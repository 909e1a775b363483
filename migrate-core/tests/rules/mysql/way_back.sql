-- Cases: what a way back keeps others out with.

-- case: a type that goes back copies the table
-- expect: mysql-alter-copy (warning)
-- history
CREATE TABLE a (id bigint PRIMARY KEY, b varchar(20) CHARACTER SET latin1);
-- draft
ALTER TABLE a MODIFY b varchar(40) CHARACTER SET latin1;
-- down
ALTER TABLE a MODIFY b varchar(20) CHARACTER SET latin1;

-- case: a column goes back in a moment
-- expect: none
-- since: 8.0.29
-- history
CREATE TABLE a (id bigint PRIMARY KEY);
-- draft
ALTER TABLE a ADD COLUMN b int;
-- down
ALTER TABLE a DROP COLUMN b;
