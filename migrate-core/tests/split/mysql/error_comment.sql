SELECT 1;
/*!50000 never;
