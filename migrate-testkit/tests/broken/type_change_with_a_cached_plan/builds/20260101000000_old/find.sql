SELECT id, count FROM counters WHERE id = $1
