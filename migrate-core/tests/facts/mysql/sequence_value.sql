-- needs mariadb
-- setup
create sequence s;
-- same
select nextval(s);
