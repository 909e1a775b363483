INSERT INTO users (name) VALUES (?)
