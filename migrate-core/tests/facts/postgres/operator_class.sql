-- setup
select 1;
-- change
create operator class oc for type integer using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer);
-- undo
drop operator class oc using btree;
drop operator family oc using btree;
