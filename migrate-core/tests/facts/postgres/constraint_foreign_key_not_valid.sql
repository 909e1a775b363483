-- setup
create table t (id integer primary key, a integer, b text);
create table u (t integer constraint fk references t);
-- change
alter table u drop constraint fk, add constraint fk foreign key (t) references t not valid;
-- undo
alter table u validate constraint fk;
