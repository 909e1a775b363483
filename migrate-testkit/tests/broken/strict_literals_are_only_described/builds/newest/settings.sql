INSERT INTO settings (id, value) VALUES (1, 'a');
