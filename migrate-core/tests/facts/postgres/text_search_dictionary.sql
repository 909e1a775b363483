-- setup
create text search dictionary d (template = snowball, language = english);
-- change
alter text search dictionary d (language = german);
-- undo
alter text search dictionary d (language = english);
