-- setup
create table "a b" ("c""d" integer, "select" text, [e f] integer collate nocase check ([e f] > 0));
-- change
create index "i x" on "a b" ("c""d");
-- undo
drop index "i x";
