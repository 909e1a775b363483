-- migrate:up
ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users;

-- migrate:down
ALTER TABLE orders DROP CONSTRAINT orders_user;
