REPLACE INTO settings (name, value) VALUES (?, ?)
