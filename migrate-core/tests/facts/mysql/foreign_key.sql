-- setup
create table t (id int primary key, a int, b varchar(20));
create table u (t int);
-- change
alter table u add constraint fk foreign key (t) references t (id);
-- undo
alter table u drop foreign key fk, drop key fk;
