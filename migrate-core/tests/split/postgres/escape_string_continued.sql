SELECT E'a'
  'b\';c', 'x\';
SELECT E'a' -- note
  'it\'s;';
SELECT 2;
