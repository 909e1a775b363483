select 'schema' as kind, s.identity as object, s.identity, '' as definition, null::integer as position,
    s.name, null::text as relation
from space s
where not exists (select from member m where m.class = 'pg_namespace'::regclass and m.oid = s.oid)
union all
select 'extension', quote_ident(e.extname), quote_ident(e.extname),
    'schema ' || e.extnamespace::regnamespace || ' version ' || e.extversion, null, e.extname::text, null
from pg_extension e
where e.oid >= 16384
