-- setup
create table t (id integer primary key, a integer, b text);
-- same
grant select on t to public;
revoke select on t from public;
