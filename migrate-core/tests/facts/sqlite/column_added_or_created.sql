-- setup
create table t (a integer);
alter table t add column b text not null default 'x,y' collate nocase check (length(b) > 0);
alter table t add column c integer generated always as (a * 2) virtual;
alter table t add column d integer references t (a) on delete cascade;
-- same
drop table t;
create table t (a integer, b text not null default 'x,y' collate nocase check (length(b) > 0),
  c integer generated always as (a * 2) virtual,
  d integer references t (a) on delete cascade);
