CREATE TABLE four (id INT);
