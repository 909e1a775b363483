-- setup
create table t (id integer primary key, a integer, b text);
create index i on t (lower(b)) where a > 0;
create view v as select a from t;
create trigger tr after insert on t begin update t set a = 1; delete from t; end;
create table u (t integer references t (id));
-- change
alter table t rename to s;
-- undo
alter table s rename to t;
