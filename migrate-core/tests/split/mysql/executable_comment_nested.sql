SELECT 1 /*!50000 + '*/;' /* so; */ + 2 -- it's */ here
 */;
SELECT 2;
