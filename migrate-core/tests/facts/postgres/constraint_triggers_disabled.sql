-- setup
create table t (id integer primary key, a integer, b text);
create table u (t integer constraint fk references t);
-- change
alter table u disable trigger all;
-- undo
alter table u enable trigger all;
