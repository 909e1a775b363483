-- setup
create table t (id integer primary key, a integer, b text);
create table child (extra integer) inherits (t);
-- change
alter table child no inherit t;
-- undo
drop table child;
create table child (extra integer) inherits (t);
