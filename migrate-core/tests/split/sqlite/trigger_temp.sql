CREATE TABLE t (a);
CREATE TEMP TRIGGER tr1 AFTER INSERT ON t BEGIN SELECT 1; END;
create temporary trigger tr2 after insert on t begin select 1; select 2;
end /* so */ ;
SELECT 1;
