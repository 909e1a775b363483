create or replace function atomic_f(begin_at int) returns int begin atomic select 1; end;
select 1;
