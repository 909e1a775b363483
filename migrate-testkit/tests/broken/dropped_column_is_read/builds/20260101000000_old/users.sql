-- name: nick
SELECT nick FROM users WHERE id = ?;

-- name: rename
UPDATE users SET name = ? WHERE id = ?;
