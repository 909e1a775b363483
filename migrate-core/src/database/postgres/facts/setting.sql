-- What ALTER DATABASE … SET says of this database.
select 'setting', 'database', concat_ws('.', 'database', quote_ident(nullif(pg_get_userbyid(s.setrole), 'unknown (OID=0)'))),
    (select string_agg(o, ', ' order by o collate "C") from unnest(s.setconfig) o), null, 'database', null
from pg_db_role_setting s
join pg_database d on d.oid = s.setdatabase and d.datname = current_database()
