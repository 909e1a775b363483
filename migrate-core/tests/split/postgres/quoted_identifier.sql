CREATE TABLE "a;""b" ("c;" int);
DROP TABLE "a;""b";
