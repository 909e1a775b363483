SELECT E'never\';
