CREATE TABLE users (id int PRIMARY KEY, name varchar(60) NOT NULL, nick varchar(60));
