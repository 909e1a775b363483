SELECT nick FROM users WHERE id = ?
