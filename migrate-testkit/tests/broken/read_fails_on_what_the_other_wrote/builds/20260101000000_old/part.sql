SELECT 100 / parts FROM shares
