-- setup
create operator family f using btree;
-- change
alter operator family f using btree add operator 1 < (integer, bigint), function 1 btint48cmp(integer, bigint);
-- undo
alter operator family f using btree drop operator 1 (integer, bigint), function 1 (integer, bigint);
