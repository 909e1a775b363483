-- What a sequence is, never how far it has come.
select 'sequence', r.object, r.identity,
    concat_ws(' ',
        case c.relpersistence when 'u' then 'unlogged' when 't' then 'temporary' end,
        'as ' || format_type(s.seqtypid, null),
        'start ' || s.seqstart, 'increment ' || s.seqincrement, 'minvalue ' || s.seqmin, 'maxvalue ' || s.seqmax,
        'cache ' || s.seqcache, case when s.seqcycle then 'cycle' end,
        (
            select case d.deptype when 'i' then 'identity of ' else 'owned by ' end || quote_ident(a.attname)
            from pg_depend d
            join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.classid = 'pg_class'::regclass and d.objid = s.seqrelid
                and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
        )),
    null, r.name, r.relation
from relation r
join pg_class c on c.oid = r.oid
join pg_sequence s on s.seqrelid = r.oid
