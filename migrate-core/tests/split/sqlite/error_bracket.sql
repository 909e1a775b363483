SELECT [never;
