SELECT handle FROM users WHERE id = ?
