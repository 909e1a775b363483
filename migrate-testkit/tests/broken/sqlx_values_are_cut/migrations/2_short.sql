ALTER TABLE users ALTER name TYPE varchar(3) USING left(name, 3);
