UPDATE users SET handle = $1 WHERE id = $2
