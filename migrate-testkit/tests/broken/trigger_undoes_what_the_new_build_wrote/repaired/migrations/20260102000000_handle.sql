-- migrate:up
ALTER TABLE users ADD COLUMN handle text;
CREATE FUNCTION handle_of_email() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.handle := split_part(NEW.email, '@', 1);
    RETURN NEW;
END $$;
CREATE TRIGGER new_user BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION handle_of_email();
CREATE TRIGGER new_email BEFORE UPDATE OF email ON users FOR EACH ROW WHEN (NEW.email IS DISTINCT FROM OLD.email) EXECUTE FUNCTION handle_of_email();
-- migrate:down
DROP TRIGGER new_email ON users;
DROP TRIGGER new_user ON users;
DROP FUNCTION handle_of_email;
ALTER TABLE users DROP COLUMN handle;
