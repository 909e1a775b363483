-- values: 'ada'
UPDATE users SET handle = ?
