-- Enums, domains, ranges and base types. The types that come with a relation, a range or an element are theirs.
select case
        when not t.typisdefined then 'shell type'
        else case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range' else 'base type' end
    end,
    t.oid::regtype::text, t.oid::regtype::text,
    case
        when not t.typisdefined then ''
        when t.typtype = 'e' then (
            select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
            from pg_enum e where e.enumtypid = t.oid)
        when t.typtype = 'd' then concat_ws(' ',
            format_type(t.typbasetype, t.typtypmod),
            'collate ' || (
                select t.typcollation::regcollation from pg_type b
                where b.oid = t.typbasetype and b.typcollation <> t.typcollation),
            case when t.typnotnull then 'not null' end,
            'default ' || t.typdefault)
        when t.typtype = 'r' then (
            select concat_ws(' ',
                'subtype ' || format_type(r.rngsubtype, null),
                'opclass ' || (select i.identity from pg_identify_object('pg_opclass'::regclass, r.rngsubopc, 0) i),
                'collate ' || nullif(r.rngcollation, 0)::regcollation,
                'canonical ' || nullif(r.rngcanonical, 0)::regproc, 'diff ' || nullif(r.rngsubdiff, 0)::regproc,
                'multirange ' || format_type(r.rngmultitypid, null),  -- since 14
                null)
            from pg_range r where r.rngtypid = t.oid)
        else concat_ws(' ',
            'input ' || t.typinput, 'output ' || t.typoutput,
            'receive ' || nullif(t.typreceive, 0)::regproc, 'send ' || nullif(t.typsend, 0)::regproc,
            'typmod_in ' || nullif(t.typmodin, 0)::regproc, 'typmod_out ' || nullif(t.typmodout, 0)::regproc,
            'analyze ' || nullif(t.typanalyze, 0)::regproc,
            'subscript ' || nullif(t.typsubscript, 0)::regproc,  -- since 14
            'length ' || t.typlen, case when t.typbyval then 'by value' end,
            'align ' || t.typalign::text, 'storage ' || t.typstorage::text,
            'category ' || t.typcategory::text, case when t.typispreferred then 'preferred' end,
            'element ' || format_type(nullif(t.typelem, 0), null), 'delimiter ' || t.typdelim::text,
            case when t.typcollation <> 0 then 'collatable' end, 'default ' || t.typdefault)
    end,
    null, t.typname::text, null
from pg_type t
join space s on s.oid = t.typnamespace
where (t.typtype in ('e', 'd', 'r', 'b') or not t.typisdefined)
    and not exists (select from pg_type e where e.typarray = t.oid)
    and not exists (select from member m where m.class = 'pg_type'::regclass and m.oid = t.oid)
