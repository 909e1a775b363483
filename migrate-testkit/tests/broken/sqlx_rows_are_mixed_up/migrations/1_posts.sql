CREATE TABLE posts (id int PRIMARY KEY, title varchar(60) NOT NULL, body varchar(60) NOT NULL);
