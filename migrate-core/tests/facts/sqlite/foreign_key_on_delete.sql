-- setup
create table u (id integer primary key);
create table t (u integer references u);
-- change
drop table t;
create table t (u integer references u on delete set null);
-- undo
drop table t;
create table t (u integer references u);
