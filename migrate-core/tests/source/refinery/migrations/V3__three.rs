fn migration() {}
