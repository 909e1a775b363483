-- setup
create table t (id integer primary key, a integer, b text);
create table u (t integer);
-- change
alter table u add constraint fk foreign key (t) references t;
-- undo
alter table u drop constraint fk;
