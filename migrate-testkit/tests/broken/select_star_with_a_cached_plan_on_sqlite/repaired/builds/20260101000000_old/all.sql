SELECT id, name, nick FROM users WHERE id > ?1
