-- NOT NULL belongs to the column; constraint triggers are among the triggers.
select 'constraint', o.object, o.object || '.' || quote_ident(k.conname),
    concat_ws(' ',
        pg_get_constraintdef(k.oid),
        case when not k.conislocal then 'inherited' end,
        'triggers (' || (
            select string_agg(distinct
                case g.tgenabled when 'D' then 'disabled' when 'R' then 'replica' else 'always' end, ', ')
            from pg_trigger g where g.tgconstraint = k.oid and g.tgisinternal and g.tgenabled <> 'O') || ')'),
    null, k.conname::text, o.relation
from pg_constraint k
join (
    select r.oid as table_oid, 0::oid as domain_oid, r.object, r.relation from relation r
    union all
    select 0, t.oid, t.oid::regtype::text, t.typname::text
    from pg_type t join space s on s.oid = t.typnamespace
    where t.typtype = 'd'
        and not exists (select from member m where m.class = 'pg_type'::regclass and m.oid = t.oid)
) o on o.table_oid = k.conrelid and o.domain_oid = k.contypid
where k.contype in ('c', 'f', 'p', 'u', 'x')
