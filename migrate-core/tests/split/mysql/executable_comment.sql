/*!40101 SET NAMES utf8 */;
/*!40101 SET @x = ';' */;
SELECT /*!50000 1 + */ 1;
