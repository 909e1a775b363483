-- needs mariadb
-- setup
create sequence s;
-- change
alter sequence s increment by 5;
-- undo
alter sequence s increment by 1;
