PREPARE q_dollar AS SELECT $1::int; SELECT '$1$;';
DEALLOCATE q_dollar;
