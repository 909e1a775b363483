-- setup
create table t (id integer primary key, a integer, b text);
-- change
revoke insert on t from current_user;
-- undo
grant insert on t to current_user;
