SELECT 'never\';
