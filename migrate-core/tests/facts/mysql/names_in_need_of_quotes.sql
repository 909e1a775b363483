-- setup
create table `a b``c` (`d.e` int primary key, `f,g` int);
-- change
create index `i (x` on `a b``c` (`f,g`);
-- undo
drop index `i (x` on `a b``c`;
