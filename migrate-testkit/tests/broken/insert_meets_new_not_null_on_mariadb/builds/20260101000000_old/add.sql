INSERT INTO users (id, name) VALUES (?, ?)
