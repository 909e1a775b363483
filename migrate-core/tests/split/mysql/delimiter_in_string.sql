DELIMITER //
SELECT '//', "//" /* // */ -- //
//
SELECT 2//
