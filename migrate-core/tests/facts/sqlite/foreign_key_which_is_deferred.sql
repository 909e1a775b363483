-- setup
create table u (id integer primary key);
create table t (u integer references u, v integer references u deferrable initially deferred);
-- change
drop table t;
create table t (u integer references u deferrable initially deferred, v integer references u);
-- undo
drop table t;
create table t (u integer, v integer, foreign key (u) references u, foreign key (v) references u deferrable initially deferred);
