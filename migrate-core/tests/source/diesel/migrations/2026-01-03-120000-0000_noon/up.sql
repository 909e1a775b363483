CREATE TABLE noon (id INT);
