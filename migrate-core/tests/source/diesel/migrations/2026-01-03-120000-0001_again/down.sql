DROP TABLE again;
