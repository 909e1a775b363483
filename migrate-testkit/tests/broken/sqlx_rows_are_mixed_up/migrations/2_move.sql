CREATE TABLE new_posts (id int PRIMARY KEY, title varchar(60) NOT NULL, body varchar(60) NOT NULL, size int);
INSERT INTO new_posts (id, title, body) SELECT id, body, title FROM posts;
DROP TABLE posts;
ALTER TABLE new_posts RENAME TO posts;
UPDATE posts SET size = char_length(body);
