SELECT E'it\'s; fine', e'\\';
SELECT 'C:\';
SELECT 2;
