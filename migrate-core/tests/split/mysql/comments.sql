# one; two
SELECT 1; -- three;
SELECT 2 /* a /* b; */ + 2;
SELECT /*+ MAX_EXECUTION_TIME(1000) */ 3; --
SELECT 4;
