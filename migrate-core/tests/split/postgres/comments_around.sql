-- before; it
/* and; */ SELECT 1 -- within; it
  , 2 /* behind; it */ ; -- after
SELECT 3;
