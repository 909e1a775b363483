UPDATE events SET body = body WHERE kind IS NULL;
