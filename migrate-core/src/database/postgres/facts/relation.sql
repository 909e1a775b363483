select r.kind, r.object, r.identity,
    concat_ws(' ',
        case c.relpersistence when 'u' then 'unlogged' when 't' then 'temporary' end,
        'of ' || nullif(c.reloftype, 0)::regtype,
        'inherits (' || (
            select string_agg(i.inhparent::regclass::text
                || case when i.inhdetachpending then ' detach pending' else '' end  -- since 14
                , ', ' order by i.inhseqno)
            from pg_inherits i where i.inhrelid = c.oid) || ')',
        pg_get_expr(c.relpartbound, c.oid),
        'partition by ' || case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end,
        'using ' || (select quote_ident(am.amname) from pg_am am where am.oid = c.relam and am.amname <> 'heap'),
        'tablespace ' || (select quote_ident(t.spcname) from pg_tablespace t where t.oid = c.reltablespace),
        'with (' || (select string_agg(o, ', ' order by o collate "C") from unnest(c.reloptions) o) || ')',
        'toast (' || (
            select string_agg(o, ', ' order by o collate "C")
            from pg_class t, unnest(t.reloptions) o where t.oid = c.reltoastrelid) || ')',
        case when c.relrowsecurity then 'row level security' end,
        case when c.relforcerowsecurity then 'force row level security' end,
        case when c.relkind in ('r', 'p', 'm') then case c.relreplident
            when 'f' then 'replica identity full'
            when 'n' then 'replica identity nothing'
            when 'i' then 'replica identity index ' || (
                select i.indexrelid::regclass from pg_index i where i.indrelid = c.oid and i.indisreplident)
        end end,
        'server ' || (
            select concat_ws(' ', quote_ident(s.srvname),
                'options (' || (select string_agg(o, ', ' order by o collate "C") from unnest(f.ftoptions) o) || ')')
            from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid),
        case when c.relkind = 'm' and not c.relispopulated then 'with no data' end,
        case when c.relkind in ('v', 'm') then E'\n' || pg_get_viewdef(c.oid) end),
    null, r.name, r.relation
from relation r
join pg_class c on c.oid = r.oid
where r.relkind in ('r', 'p', 'f', 'v', 'm', 'c')
