CREATE TABLE "a;" (`b;` INT, [c;'] INT);
INSERT INTO "a;" VALUES ('it''s;', x'00');
SELECT 1;
