CREATE TABLE nicks (user_id int PRIMARY KEY, nick varchar(60) NOT NULL);
INSERT INTO nicks (user_id, nick) SELECT id, nick FROM users WHERE nick IS NOT NULL;
CREATE TABLE new_users (id int PRIMARY KEY, name varchar(60) NOT NULL);
INSERT INTO new_users (id, name) SELECT id, name FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
