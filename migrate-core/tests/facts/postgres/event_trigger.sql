-- setup
create function f() returns event_trigger language plpgsql as 'begin end';
-- change
create event trigger e on ddl_command_end when tag in ('DROP TABLE') execute function f();
-- undo
drop event trigger e;
