-- migrate:up
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    user_id bigint REFERENCES users,
    shop_id bigint REFERENCES shops,
    note json
);

-- migrate:down
DROP TABLE orders;
