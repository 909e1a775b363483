SELECT `never;
