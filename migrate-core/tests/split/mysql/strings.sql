SELECT 'it\'s;', "a\";b", 'it''s;', "a"";b", N'x;', X'41', _utf8mb4'c;';
SELECT 2;
