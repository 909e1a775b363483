-- values: 'grace'
UPDATE users SET name = ?
