-- setup
create table t (a timestamp not null default current_timestamp);
-- change
alter table t modify a timestamp not null default current_timestamp on update current_timestamp;
-- undo
alter table t modify a timestamp not null default current_timestamp;
