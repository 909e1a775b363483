-- setup
create table t (id integer primary key, a integer, b text);
create schema app;
-- change
alter table t set schema app;
-- undo
alter table app.t set schema public;
