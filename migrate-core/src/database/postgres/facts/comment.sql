select d.kind, coalesce(r.object, i.identity), i.type || ' ' || i.identity, d.text, null,
    coalesce(r.name, p.proname::text, i.name, i.identity), r.relation
from (
    select 'comment' as kind, classoid, objoid, objsubid, description as text from pg_description
    union all
    select 'security label for ' || provider, classoid, objoid, objsubid, label from pg_seclabel
) d
left join pg_constraint k on d.classoid = 'pg_constraint'::regclass and k.oid = d.objoid
left join pg_trigger t on d.classoid = 'pg_trigger'::regclass and t.oid = d.objoid
left join pg_rewrite w on d.classoid = 'pg_rewrite'::regclass and w.oid = d.objoid
left join pg_policy y on d.classoid = 'pg_policy'::regclass and y.oid = d.objoid
left join pg_statistic_ext s on d.classoid = 'pg_statistic_ext'::regclass and s.oid = d.objoid
left join pg_proc p on d.classoid = 'pg_proc'::regclass and p.oid = d.objoid
cross join lateral (
    select case when d.classoid = 'pg_class'::regclass then d.objoid
        else coalesce(nullif(k.conrelid, 0), t.tgrelid, w.ev_class, y.polrelid, s.stxrelid) end as oid
) owner
left join relation r on r.oid = owner.oid
cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
where (d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass and d.objoid in (select oid from space))
    and (owner.oid is null or r.oid is not null)
    and not exists (select from member m where m.class = d.classoid and m.oid = d.objoid)
union all
select 'comment', 'database', 'database', d.description, null, 'database', null
from pg_shdescription d
join pg_database b on b.oid = d.objoid and b.datname = current_database()
where d.classoid = 'pg_database'::regclass
