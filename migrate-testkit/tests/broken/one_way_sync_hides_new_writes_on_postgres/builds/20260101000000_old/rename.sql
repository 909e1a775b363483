-- values: 'grace'
UPDATE users SET name = $1
