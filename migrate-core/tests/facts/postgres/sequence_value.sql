-- setup
create sequence s;
create table t (id serial);
-- same
select nextval('s'), setval('t_id_seq', 50);
