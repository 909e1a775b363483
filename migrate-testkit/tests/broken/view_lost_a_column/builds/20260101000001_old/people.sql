SELECT name, nick FROM people
