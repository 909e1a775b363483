-- What the other queries build on. Each of them gives: kind, object, identity, definition, position, name, relation.
-- Every name is cast to text: a column of another type in one part would keep the condition on names out of all parts.
-- Lines marked "since N" or "before N" are for those major versions only.

-- The schemas of users.
space as materialized (
    select n.oid, n.nspname::text as name, quote_ident(n.nspname) as identity
    from pg_namespace n
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
),

-- What belongs to an extension is that extension's business; the function that guards our history is ours.
member as materialized (
    select d.classid as class, d.objid as oid from pg_depend d where d.deptype = 'e'
    union all
    select 'pg_proc'::regclass, p.oid from pg_proc p where :prefix <> '' and p.proname = :prefix || 'standing'
),

-- Relations, each with the one it belongs to: an index and an owned sequence to their table, others to themselves.
any_relation as materialized (
    select c.oid, c.relkind::text as relkind, c.relname::text as name,
        s.identity || '.' || quote_ident(c.relname) as identity,
        coalesce(i.indrelid, d.refobjid, c.oid) as parent
    from pg_class c
    join space s on s.oid = c.relnamespace
    left join pg_index i on i.indexrelid = c.oid
    left join pg_depend d on c.relkind = 'S' and d.classid = 'pg_class'::regclass and d.objid = c.oid
        and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
),
relation as materialized (
    select c.oid, c.relkind, c.name, c.identity, p.identity as object, p.name as relation,
        case c.relkind
            when 'r' then 'table' when 'p' then 'table' when 'f' then 'foreign table' when 'v' then 'view'
            when 'm' then 'materialized view' when 'S' then 'sequence' when 'c' then 'composite type' else 'index'
        end as kind
    from any_relation c
    join any_relation p on p.oid = c.parent
    where not exists (
            select from member m where m.class = 'pg_class'::regclass and m.oid in (c.oid, p.oid))
        and not (:prefix <> '' and (starts_with(c.name, :prefix) or starts_with(p.name, :prefix)))
)
