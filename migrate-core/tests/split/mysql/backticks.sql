CREATE TABLE `a;``b` (`c\` INT);
DROP TABLE `a;``b`;
