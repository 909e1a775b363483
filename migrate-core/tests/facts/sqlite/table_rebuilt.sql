-- setup
create table t (id integer primary key, a integer unique check (a > 0), b text default 'x' collate nocase);
create index i on t (b);
-- same
create table new_t (
  "id" INTEGER PRIMARY KEY, -- the key
  a integer,
  [b] text default 'x' collate NOCASE,
  unique (a), check (a > 0)
);
insert into new_t select * from t;
drop table t;
alter table new_t rename to t;
create index i on t (b);
