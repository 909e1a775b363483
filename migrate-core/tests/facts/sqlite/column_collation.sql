-- setup
create table t (a text);
-- change
drop table t;
create table t (a text collate nocase);
-- undo
drop table t;
create table t (a text collate binary);
