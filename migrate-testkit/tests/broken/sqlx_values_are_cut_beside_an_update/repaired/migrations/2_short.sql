UPDATE users SET nick = name WHERE nick IS NULL;
ALTER TABLE users ALTER name TYPE text;
