SELECT 1; /* never;
