CREATE TABLE again (id INT);
