-- needs 15
-- setup
create publication p;
-- change
alter publication p add tables in schema public;
-- undo
alter publication p drop tables in schema public;
