-- migrate:up
CREATE TABLE settings (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE, value VARCHAR(40));
-- migrate:down
DROP TABLE settings;
