-- setup
create table t (id integer primary key, a integer, b text);
create table u (t integer constraint fk references t);
-- change
alter table u alter constraint fk deferrable initially deferred;
-- undo
alter table u alter constraint fk not deferrable;
