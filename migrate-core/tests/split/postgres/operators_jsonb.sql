SELECT '{"a":1}'::jsonb @> '{"a":1}' AND '{"a":1}'::jsonb ? 'a', @ -5, 2 ^ 3, 1 <> 2;
SELECT 1;
