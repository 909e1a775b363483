SELECT total(id) FROM users WHERE id = $1
