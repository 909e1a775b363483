-- setup
alter database character set utf8mb4 collate utf8mb4_general_ci;
-- change
alter database character set latin1 collate latin1_bin;
-- undo
alter database character set utf8mb4 collate utf8mb4_general_ci;
