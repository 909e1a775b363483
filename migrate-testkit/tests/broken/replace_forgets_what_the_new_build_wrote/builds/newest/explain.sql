UPDATE settings SET note = ? WHERE name = ?
