-- migrate:up
UPDATE orders SET state = 'sent' WHERE id % 3 = 0;
CREATE FUNCTION note_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE NOTICE 'order %', new.id;
    RETURN new;
END
$$;
CREATE TRIGGER note_order AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION note_order();
INSERT INTO audit SELECT 'up 6' FROM pg_sleep(0.02);

-- migrate:down
DROP TRIGGER note_order ON orders;
DROP FUNCTION note_order();
UPDATE orders SET state = 'new' WHERE state = 'sent';
INSERT INTO audit SELECT 'down 6' FROM pg_sleep(0.02);
