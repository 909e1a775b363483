CREATE TABLE new_users (id int PRIMARY KEY, name varchar(60) NOT NULL);
INSERT INTO new_users (id, name) SELECT id, name FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
