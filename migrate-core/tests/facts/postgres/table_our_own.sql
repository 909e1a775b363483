-- setup
create table t (id integer primary key, a integer, b text);
create table _migrate_history (version bigint primary key);
-- same
create table _migrate_lock (id serial primary key, note text check (note <> ''));
comment on table _migrate_lock is 'ours';
comment on column _migrate_lock.id is 'ours';
create index other_name on _migrate_lock (note);
create function f() returns trigger language plpgsql as 'begin return new; end';
drop table _migrate_lock;
drop function f;
create table _migrate_lock (id serial primary key, note text check (note <> ''));
grant select on _migrate_lock to public;
