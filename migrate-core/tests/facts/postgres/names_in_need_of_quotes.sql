-- setup
create schema "A b";
create table "A b"."T.x" ("Col""1" integer primary key, "select" text);
-- change
create index "I x" on "A b"."T.x" ("select");
comment on column "A b"."T.x"."select" is 'words';
-- undo
drop index "A b"."I x";
comment on column "A b"."T.x"."select" is null;
