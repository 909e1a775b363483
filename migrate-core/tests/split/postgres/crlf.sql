SELECT 1;
-- note; here
SELECT '
;';
SELECT 3
