UPDATE users SET nick = ? WHERE id = ?
