UPDATE users SET name = $1, email = $2 WHERE id = $3
