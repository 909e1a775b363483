-- setup
create table t (id int primary key, a int, b varchar(20));
create table u (t int, constraint fk foreign key (t) references t (id));
-- change
alter table u drop foreign key fk;
alter table u add constraint fk foreign key (t) references t (id) on delete cascade;
-- undo
alter table u drop foreign key fk;
alter table u add constraint fk foreign key (t) references t (id);
