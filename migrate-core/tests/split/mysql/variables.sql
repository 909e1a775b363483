SET @a := 1; SELECT @a, @@global.max_connections, @`b;`;
SELECT 2;
