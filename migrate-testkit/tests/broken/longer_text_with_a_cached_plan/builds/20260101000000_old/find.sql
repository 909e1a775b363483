SELECT id, license FROM releases
