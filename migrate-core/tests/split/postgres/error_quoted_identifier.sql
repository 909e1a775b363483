SELECT "never;
