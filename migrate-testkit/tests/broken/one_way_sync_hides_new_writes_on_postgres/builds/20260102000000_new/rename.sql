-- values: 'ada'
UPDATE users SET handle = $1
