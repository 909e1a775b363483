-- setup
create table t (id integer primary key, a integer, b text);
create view v as select a from t where b = 'A  b';
-- change
drop view v;
create view v as select a from t where b = 'A b';
-- undo
drop view v;
create view "v" as select "a" from t
  where b = 'A  b' -- as it was
;
