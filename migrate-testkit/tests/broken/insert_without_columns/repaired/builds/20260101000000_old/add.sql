INSERT INTO users (id, name, nick) VALUES (?, ?, ?)
