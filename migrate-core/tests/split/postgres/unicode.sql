CREATE TABLE größe (länge int); SELECT '日本;語' AS 日本;
DROP TABLE größe;
