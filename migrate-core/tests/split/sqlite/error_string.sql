SELECT 'never;
