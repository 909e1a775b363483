-- setup
create table t (id integer primary key, a integer, b text);
create view v as select id, a from t;
-- change
alter view v set (security_barrier, check_option = local);
-- undo
alter view v reset (security_barrier, check_option);
