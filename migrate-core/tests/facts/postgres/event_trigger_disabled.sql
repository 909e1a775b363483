-- setup
create function f() returns event_trigger language plpgsql as 'begin end';
create event trigger e on ddl_command_end execute function f();
-- change
alter event trigger e disable;
-- undo
alter event trigger e enable;
