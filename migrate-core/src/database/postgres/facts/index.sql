-- An index that CREATE INDEX CONCURRENTLY left behind is there, but INVALID.
select 'index', r.object, r.identity,
    concat_ws(' ',
        pg_get_indexdef(i.indexrelid),
        'tablespace ' || (select quote_ident(t.spcname) from pg_tablespace t where t.oid = c.reltablespace),
        'statistics (' || (
            select string_agg(a.attnum || ': ' || a.attstattarget, ', ' order by a.attnum)
            from pg_attribute a where a.attrelid = i.indexrelid and a.attstattarget >= 0) || ')',
        'constraint ' || quote_ident(k.conname),
        'partition of ' || (select h.inhparent::regclass from pg_inherits h where h.inhrelid = i.indexrelid),
        case when i.indisclustered then 'clustered' end,
        case when not i.indisvalid then 'INVALID' end,
        case when not i.indisready then 'NOT READY' end),
    null, r.name, r.relation
from relation r
join pg_class c on c.oid = r.oid
join pg_index i on i.indexrelid = r.oid
left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')
