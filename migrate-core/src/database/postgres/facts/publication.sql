-- What a publication publishes, one by one.
select 'published table', quote_ident(p.pubname), quote_ident(p.pubname) || '.' || r.identity,
    concat_ws(' ',
        'columns (' || (  -- since 15
            select string_agg(quote_ident(a.attname), ', ' order by a.attnum)  -- since 15
            from pg_attribute a where a.attrelid = t.prrelid and a.attnum = any(t.prattrs)) || ')',  -- since 15
        'where ' || pg_get_expr(t.prqual, t.prrelid),  -- since 15
        null),
    null::integer, p.pubname::text, r.relation
from pg_publication_rel t
join pg_publication p on p.oid = t.prpubid
join relation r on r.oid = t.prrelid
union all  -- since 15
select 'published schema', quote_ident(p.pubname), quote_ident(p.pubname) || '.' || s.identity, '', null, p.pubname::text, null  -- since 15
from pg_publication_namespace n  -- since 15
join pg_publication p on p.oid = n.pnpubid  -- since 15
join space s on s.oid = n.pnnspid  -- since 15
