SELECT '{"a":1}'::jsonb->>'a;', 5-3, 5--3;
  , 4;
