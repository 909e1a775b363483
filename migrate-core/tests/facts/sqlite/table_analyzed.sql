-- setup
create table t (id integer primary key autoincrement, a integer);
create index i on t (a);
-- same
insert into t (a) values (1), (2);
analyze;
