-- setup
create table u (id integer primary key);
create table t (u integer references u, v integer references u);
-- change
drop table t;
create table t (u integer references u, v integer references u deferrable initially deferred);
-- undo
drop table t;
create table t (u integer references u deferrable initially immediate, v integer references u not deferrable);
