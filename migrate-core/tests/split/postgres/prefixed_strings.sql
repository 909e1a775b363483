SELECT B'10', x'1F', N'a;b', U&'d\0061;t', U&"d\0061;t" FROM (SELECT 1 AS "da;t") s;
SELECT name'a;';
