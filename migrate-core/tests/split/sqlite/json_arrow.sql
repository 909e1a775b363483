SELECT '{"a":1}'->>'$.a;' || ';';
SELECT 2;
