CREATE TABLE x5 (`end` INT, `if` INT, `case` INT);
CREATE PROCEDURE p19() BEGIN SELECT x5.end, x5.if, `case`, x5.case FROM x5; SELECT 'end', "end"; END;
DROP PROCEDURE p19;
DROP TABLE x5;
