-- Privileges that are not what the object was born with. The owner is called just that, whoever it is.
select 'privileges', x.object, x.identity, coalesce(given.list, 'none'), null, x.name, x.relation
from (
    select r.object, r.identity, r.name, r.relation, c.relacl as acl, c.relowner as owner,
        'pg_class'::regclass as class, c.oid, 0 as sub,
        case c.relkind when 'S' then 's'::"char" else 'r' end as type
    from relation r join pg_class c on c.oid = r.oid
    union all
    select r.object, r.identity || '.' || quote_ident(a.attname), r.name, r.relation, a.attacl, c.relowner,
        'pg_class'::regclass, c.oid, a.attnum, 'c'
    from relation r
    join pg_class c on c.oid = r.oid
    join pg_attribute a on a.attrelid = c.oid and not a.attisdropped and a.attacl is not null
    union all
    select s.identity, s.identity, s.name, null, n.nspacl, n.nspowner, 'pg_namespace'::regclass, n.oid, 0, 'n'
    from space s join pg_namespace n on n.oid = s.oid
    union all
    select p.oid::regprocedure::text, p.oid::regprocedure::text, p.proname::text, null, p.proacl, p.proowner,
        'pg_proc'::regclass, p.oid, 0, 'f'
    from pg_proc p join space s on s.oid = p.pronamespace
    where p.proacl is not null
    union all
    select t.oid::regtype::text, t.oid::regtype::text, t.typname::text, null, t.typacl, t.typowner,
        'pg_type'::regclass, t.oid, 0, 'T'
    from pg_type t join space s on s.oid = t.typnamespace
    where t.typacl is not null
    union all
    select quote_ident(l.lanname), quote_ident(l.lanname), l.lanname::text, null, l.lanacl, l.lanowner,
        'pg_language'::regclass, l.oid, 0, 'l'
    from pg_language l
    union all
    select quote_ident(w.fdwname), quote_ident(w.fdwname), w.fdwname::text, null, w.fdwacl, w.fdwowner,
        'pg_foreign_data_wrapper'::regclass, w.oid, 0, 'F'
    from pg_foreign_data_wrapper w
    union all
    select quote_ident(s.srvname), quote_ident(s.srvname), s.srvname::text, null, s.srvacl, s.srvowner,
        'pg_foreign_server'::regclass, s.oid, 0, 'S'
    from pg_foreign_server s
    union all
    select 'database', 'database', 'database', null, d.datacl, d.datdba, 'pg_database'::regclass, d.oid, 0, 'd'
    from pg_database d where d.datname = current_database()
) x
left join pg_init_privs b on b.classoid = x.class and b.objoid = x.oid and b.objsubid = x.sub
cross join lateral (
    select string_agg(g.grantee || ': ' || g.privileges, '; ' order by g.grantee collate "C") as list
    from (
        select n.grantee, string_agg(distinct n.privilege collate "C", ', ' order by n.privilege collate "C") as privileges
        from (
            select case a.grantee
                    when 0 then 'public' when x.owner then '(owner)' else quote_ident(pg_get_userbyid(a.grantee))
                end as grantee,
                a.privilege_type || case when a.is_grantable then '*' else '' end as privilege
            from aclexplode(x.acl) a
        ) n
        group by n.grantee
    ) g
) given
where x.acl is not null
    and not (
        x.acl @> coalesce(b.initprivs, acldefault(x.type, x.owner))
        and x.acl <@ coalesce(b.initprivs, acldefault(x.type, x.owner)))
    and not exists (select from member m where m.class = x.class and m.oid = x.oid)
