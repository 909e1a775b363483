-- setup
create sequence s;
-- change
alter sequence s increment 5 cache 10 cycle;
-- undo
alter sequence s increment 1 cache 1 no cycle;
