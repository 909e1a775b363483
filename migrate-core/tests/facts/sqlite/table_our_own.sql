-- setup
create table t (id integer primary key, a integer, b text);
-- same
create table _migrate_history (version integer primary key, name text unique);
create index some_name on _migrate_history (name);
