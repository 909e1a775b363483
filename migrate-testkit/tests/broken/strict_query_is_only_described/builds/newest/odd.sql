INSERT INTO odd (a) VALUES (?);
