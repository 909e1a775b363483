INSERT INTO users (name, nick) VALUES (?, ?)
